/** Keys of a list: j and k or the arrows move, Enter opens, Esc closes; never while somebody types. */
import { useEffect } from 'preact/hooks';

export const isTyping = (event: KeyboardEvent): boolean =>
  event.target instanceof HTMLElement && (event.target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName));

export type ListKeys = { readonly onMove: (by: 1 | -1) => void; readonly onClose?: () => void };

const moves: Readonly<Record<string, 1 | -1>> = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };

/** The newest handlers are used at each key; `on` false listens to nothing. */
export const useListKeys = ({ onMove, onClose }: ListKeys, isOn = true): void => {
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      const by = moves[event.key];
      if (by !== undefined) {
        // Arrows scroll a region that has the focus; letters move always.
        const inRegion =
          event.key.startsWith('Arrow') && event.target instanceof Element && event.target.closest('[data-scrolls]') !== null;
        if (inRegion) return;
        event.preventDefault();
        onMove(by);
      } else if (event.key === 'Escape' && onClose !== undefined) {
        event.preventDefault();
        onClose();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  });
};

/** One of our icons. Decorative: the word beside it, or the control's name, says what it means. */
import { type IconName, iconPaths } from './icon-paths.ts';

export const Icon = ({ name, class: className }: { readonly name: IconName; readonly class?: string }) => (
  <svg class={className === undefined ? 'ico' : `ico ${className}`} viewBox="0 0 24 24" aria-hidden="true">
    <path d={iconPaths[name]} />
  </svg>
);

/** The tree over its stone seat. */
export const Brand = () => (
  <svg class="brand" viewBox="0 0 32 32" aria-hidden="true">
    <path
      fill="currentColor"
      d="M16 2.5a7 7 0 0 0-6.8 5.2 5.7 5.7 0 0 0-.2 11.3h5.5v4h-7v3h17v-3h-7v-4H23a5.7 5.7 0 0 0-.2-11.3A7 7 0 0 0 16 2.5zM4 27.2h24v2.5H4z"
    />
  </svg>
);

/** A field to find things by name or number; a hand scanner types into it and ends with Enter. At most 64 characters. */
import { Icon } from '../shared/icon.tsx';

type SearchFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onEnter?: () => void;
};

export const SearchField = ({ label, value, onChange, onEnter }: SearchFieldProps) => (
  <label class="search">
    <Icon name="search" />
    <span class="vh">{label}</span>
    <input
      type="search"
      placeholder={label}
      value={value}
      maxLength={64}
      autocomplete="off"
      onInput={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onEnter?.();
        if (event.key === 'Escape') onChange('');
      }}
    />
  </label>
);

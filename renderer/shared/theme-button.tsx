/** Changes between the sunlight and the evening screen. */
import { Icon } from './icon.tsx';
import { setTheme, theme } from './theme.ts';
import { t } from './words.ts';

export const ThemeButton = () => {
  const isEvening = theme.value === 'evening';
  return (
    <button type="button" class="btn" onClick={() => setTheme(isEvening ? 'sunlight' : 'evening')}>
      <Icon name={isEvening ? 'sun' : 'moon'} />
      {t(isEvening ? 'theme.sunlight' : 'theme.evening')}
    </button>
  );
};

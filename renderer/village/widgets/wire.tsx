/** The link of one gateway: a line that is solid, dashed or broken, what it does now in words, and the switch. */
import type { VillageProcess } from '../../../main/village/schemas.ts';
import { durationWords } from '../../shared/desk/duration-words.ts';
import { digits, language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import type { IconName } from '../../shared/icon-paths.ts';
import { LinkSwitch } from '../../shared/link-switch.tsx';
import { setLink } from '../state.ts';
import { v } from '../words.ts';

type Link = NonNullable<VillageProcess['link']>;
const icons: Readonly<Record<Link['state'], IconName>> = { up: 'satellite', bad: 'gauge', cut: 'scissors' };

const wordsOf = ({ state, since, detail }: Link, nowMs: number): string => {
  if (state === 'cut') return v('link.cut', { when: durationWords(Math.max(1000, nowMs - Date.parse(since))) });
  return detail === ''
    ? v(`link.${state}`)
    : `${v(`link.${state}`)}, ${digits(language.value === 'ne' ? detail.replace(/\bms\b/, 'मि.से.') : detail)}`;
};

export const Wire = ({ process, nowMs }: { readonly process: VillageProcess; readonly nowMs: number }) => {
  const { link } = process;
  if (link === undefined) return <div class="wirev" />;
  return (
    <div class={`wirev wirev--${link.state}`}>
      <span class="wirev__line" aria-hidden="true" />
      <p>
        <Icon name={icons[link.state]} />
        {wordsOf(link, nowMs)}
      </p>
      <LinkSwitch
        value={link.state}
        label={v('link.of', { name: process.name[language.value] })}
        onChange={(state) => void setLink(process.id, state)}
      />
    </div>
  );
};

/** The way back out of a task. */
import { Icon } from '../shared/icon.tsx';
import { hashOf } from '../shared/router.ts';

export const BackLink = ({ to, word }: { readonly to: readonly string[]; readonly word: string }) => (
  <a class="btn btn--quiet due__back" href={hashOf(...to)}>
    <Icon name="arrow-left" />
    {word}
  </a>
);

/** What a meter is fed with, large, in groups. Latin digits in every language: those are what its buttons show. */
import type { ApprovedBody } from '../shared/api-types.ts';
import { cardNumber } from './customers.ts';
import { t } from './words.ts';

export const TokenBlock = ({ fields }: { readonly fields: ApprovedBody['receipt'] }) => {
  const value = (name: string): string | undefined => fields.find((field) => field.name === name)?.value;
  const token = value('token');
  // Digits and the blanks between their groups, or it is no token.
  if (token === undefined || !/^[0-9]{3,4}( [0-9]{3,4}){1,6}$/.test(token)) return null;
  return (
    <p class="token">
      <span>{t('token.of', { meter: cardNumber(value('account') ?? '') })}</span>
      <b class="token__digits" lang="en">
        {token.split(' ').map((group, place) => (
          <span key={place}>{group} </span>
        ))}
      </b>
    </p>
  );
};

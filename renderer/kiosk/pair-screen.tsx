/** Pairing this kiosk: its session and its count of payments begin here. */
import { PairView } from '../shared/pair-view.tsx';
import { pair } from './session.ts';

export const PairScreen = ({ code }: { readonly code: string | undefined }) => (
  <PairView
    code={code}
    onPair={async (typed) => {
      const answer = await pair(typed);
      return answer.ok ? undefined : answer.error;
    }}
  />
);

/** Everything that can be fuzzed. */
import { glueTarget } from './glue.ts';
import { judgeTarget } from './judge.ts';
import { rewriterTargets } from './rewriter.ts';
import type { FuzzTarget } from './target.ts';

export const targets: readonly FuzzTarget[] = [...rewriterTargets, glueTarget, judgeTarget];

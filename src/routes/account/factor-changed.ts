import type { FactorChanged } from '../../self-service/manage-factors.ts';
import { type Answer, done } from '../forms/contract.ts';

/** What a change of what is set up leads to; `sentence` tells of the one that was made. */
export function factorChanged(change: FactorChanged, sentence: string): Answer {
  switch (change) {
    case 'changed':
      return done(sentence);
    case 'gone':
      return done('way_gone');
    case 'moved':
      return done('account_moved');
    case 'needed':
      return { outcome: 'invalid', errors: [{ field: '', code: 'way_needed' }] };
  }
}

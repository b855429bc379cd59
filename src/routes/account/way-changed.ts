import type { WayChanged } from '../../sign-in/change-ways.ts';
import { type Answer, done } from '../forms/contract.ts';

/** What a change of what is set up leads to; `sentence` tells of the one that was made. */
export function wayChanged(change: WayChanged, sentence: string): Answer {
  switch (change) {
    case 'changed':
      return done(sentence);
    case 'gone':
      return done('way_gone');
    case 'moved':
      return done('account_moved');
    case 'needed':
      return { outcome: 'refused', refusals: [{ field: '', code: 'way_needed' }] };
  }
}

import type { FieldNote } from '../model/preview.js';
import { counted } from './text.js';

/** A note in words. */
export function noteWords(note: FieldNote): string {
  switch (note.type) {
    case 'null':
      return nullWords(note);
    case 'failed':
      return `null, jq failed: ${note.message}`;
    case 'unread':
      return `left out: ${note.source} could not be read`;
    case 'made-text':
      return `${note.from === 'object' ? 'an' : 'a'} ${note.from}, written as text`;
    case 'nulls-dropped':
      return `${counted(note.count, 'null', 'nulls')} left out of the list`;
    case 'target-refused':
      return `left out ${JSON.stringify(note.target)}, which cannot be an identifier in Port`;
    case 'identifier-refused':
      return `no entity: Port refuses ${note.character} in it`;
    case 'identifier-empty':
      return 'no entity: it is null or empty';
  }
}

function nullWords({ missing, nearest }: Extract<FieldNote, { type: 'null' }>): string {
  if (missing === undefined) return 'null';
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `null, as there is no key ${missing}${meant}`;
}

import type { Problem, ProblemCode, ProblemDetails, ProblemOf } from './problem.js';
import type { Words, WordsFor } from './severity.js';
import { credentialWords } from './subjects/credentials.js';
import { deletionWords } from './subjects/deletion.js';
import { itemWords } from './subjects/items.js';
import { loadingWords } from './subjects/loading.js';
import { readingWords } from './subjects/reading.js';
import { runWords } from './subjects/run.js';
import { settingsWords } from './subjects/settings.js';
import { webhookWords } from './subjects/webhooks.js';

type Table = WordsFor<ProblemDetails>;

const TABLE: Table = {
  ...settingsWords,
  ...credentialWords,
  ...readingWords,
  ...itemWords,
  ...loadingWords,
  ...deletionWords,
  ...webhookWords,
  ...runWords,
};

/** The words for a problem. */
export function wordsOf(problem: Problem): Words {
  // The table is exhaustive; the compiler cannot tie the key to the argument on its own.
  return lookUp(problem);
}

function lookUp<Code extends ProblemCode>(problem: ProblemOf<Code>): Words {
  const words: Table[Code] = TABLE[problem.code];
  return words(problem);
}

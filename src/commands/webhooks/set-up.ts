import type { FieldChange } from '../../model/plan.js';
import type { PortClient } from '../../port/port-client.js';
import {
  createWebhook,
  deleteWebhook,
  updateWebhook,
  type Webhook,
  type WebhookContent,
} from '../../port/webhooks.js';
import type { Problem } from '../../problems/problem.js';
import {
  type BitbucketHook,
  type HookClient,
  type HookContent,
  type HookPlace,
  HookRefusal,
} from './bitbucket-hooks.js';
import { hookChanges, webhookChanges } from './differences.js';

/** What becomes of a webhook in Port or in Bitbucket. */
export type Action = 'create' | 'update' | 'delete' | 'none';

/** What is to be done about one thing, and whether it was. */
export interface Step {
  /** `webhook my-integration-1a2b3c4d in Port`, `project PAY`. */
  readonly target: string;
  readonly action: Action;
  readonly changes: readonly FieldChange[];
  /** Sends it. */
  readonly send: () => Promise<void>;
}

/** A step that was taken, or is to be shown alone. */
export interface TakenStep extends Pick<Step, 'target' | 'action' | 'changes'> {
  readonly status: 'planned' | 'done' | 'failed';
}

/** The webhooks of a place that post to Port, as far as they are ours. */
export interface SeenPlace {
  readonly place: HookPlace;
  readonly ours: readonly BitbucketHook[];
}

/** What the webhook in Port is to be. */
export interface WantedWebhook {
  readonly identifier: string;
  readonly content: WebhookContent;
  readonly secret: string;
  readonly setsSecret: boolean;
}

/** The step that makes the webhook in Port what it is to be. `onUrl` is told where it takes events. */
export function portStep(
  port: PortClient,
  held: Webhook | null,
  { identifier, content, secret, setsSecret }: WantedWebhook,
  onUrl: (url: string) => void,
): Step {
  const target = `webhook ${identifier} in Port`;
  if (held === null) {
    const changes = webhookChanges(null, content, true);
    const send = async (): Promise<void> => {
      onUrl((await createWebhook(port, identifier, content, secret)).url);
    };
    return { target, action: 'create', changes, send };
  }
  onUrl(held.url);
  const changes = webhookChanges(held.content, content, setsSecret);
  const members = new Set(changes.map(({ field }) => /^\w+/u.exec(field)?.[0] ?? ''));
  const send = async (): Promise<void> => {
    const updated = await updateWebhook(
      port,
      identifier,
      content,
      members,
      setsSecret ? secret : null,
    );
    onUrl(updated.url);
  };
  return { target, action: changes.length === 0 ? 'none' : 'update', changes, send };
}

/** The steps that make the webhooks of a place what they are to be: one, and no second. */
export function hookSteps(
  hooks: HookClient,
  { place, ours }: SeenPlace,
  content: () => HookContent,
  setsSecret: boolean,
): readonly Step[] {
  const [first = null, ...others] = ours;
  const changes = hookChanges(first, content(), setsSecret);
  const send = (): Promise<void> =>
    first === null ? hooks.create(place, content()) : hooks.update(place, first.id, content());
  const action = first === null ? 'create' : changes.length === 0 ? 'none' : 'update';
  return [
    { target: place.name, action, changes, send },
    ...others.map((hook) => removal(hooks, place, hook)),
  ];
}

/** The steps that take away what is ours. */
export function removalSteps(hooks: HookClient, { place, ours }: SeenPlace): readonly Step[] {
  return ours.map((hook) => removal(hooks, place, hook));
}

function removal(hooks: HookClient, place: HookPlace, { id, name, url }: BitbucketHook): Step {
  const changes = [
    { field: 'name', old: name, new: null },
    { field: 'url', old: url, new: null },
  ];
  return { target: place.name, action: 'delete', changes, send: () => hooks.remove(place, id) };
}

/** The step that takes the webhook in Port away. */
export function portRemoval(port: PortClient, { identifier, url }: Webhook): Step {
  return {
    target: `webhook ${identifier} in Port`,
    action: 'delete',
    changes: [{ field: 'url', old: url, new: null }],
    send: () => deleteWebhook(port, identifier),
  };
}

/**
 * Looks at the webhooks of all places. One that refuses costs itself alone.
 * @param isOurs by the address that a webhook posts to
 */
export async function lookAt(
  places: readonly HookPlace[],
  hooks: HookClient,
  isOurs: (hook: BitbucketHook) => boolean,
): Promise<{ readonly seen: readonly SeenPlace[]; readonly refused: readonly RefusedPlace[] }> {
  const seen: SeenPlace[] = [];
  const refused: RefusedPlace[] = [];
  const ask = async (place: HookPlace) => {
    try {
      return { place, ours: (await hooks.list(place)).filter(isOurs) };
    } catch (error) {
      if (!(error instanceof HookRefusal)) throw error;
      return { place, refusal: error };
    }
  };
  // A wrong password tried many times at once locks the account: one goes ahead.
  const [first, ...others] = places;
  const ahead = first === undefined ? [] : [await ask(first)];
  const answers = [...ahead, ...(await Promise.all(others.map(ask)))];
  for (const answer of answers) {
    const { place } = answer;
    if (answer.refusal === undefined) seen.push({ place, ours: answer.ours });
    else refused.push({ place, refusal: answer.refusal });
  }
  return { seen, refused };
}

/** A place that did not let its webhooks be seen. */
export interface RefusedPlace {
  readonly place: HookPlace;
  readonly refusal: HookRefusal;
}

/** What is told of it. */
export function refusalOf({ name }: HookPlace, { reason, request }: HookRefusal): Problem {
  return {
    code: 'hook-refused',
    place: name,
    reason,
    ...(request === undefined ? {} : { request }),
  };
}

/** Takes the steps of a place one after the other. What it refuses is reported, and ends them. */
export async function take(
  steps: readonly Step[],
  place: HookPlace,
  report: (problem: Problem) => void,
): Promise<readonly TakenStep[]> {
  const taken: TakenStep[] = [];
  let refusal: HookRefusal | null = null;
  for (const { send, ...step } of steps) {
    if (refusal === null && step.action !== 'none') {
      try {
        await send();
      } catch (error) {
        if (!(error instanceof HookRefusal)) throw error;
        refusal = error;
        report(refusalOf(place, error));
      }
    }
    taken.push({ ...step, status: refusal === null ? 'done' : 'failed' });
  }
  return taken;
}

/** A step that is shown and not taken. */
export function planned({ target, action, changes }: Step): TakenStep {
  return { target, action, changes, status: 'planned' };
}

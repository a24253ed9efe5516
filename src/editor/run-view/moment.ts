/** What crosses of a run at one of its moments: what is drawn of it, and no more. */
import type { Moment, MomentView, WordView } from '../../protocol/run-view.ts';
import type { FeedItem, RunView } from '../../protocol/view.ts';

/** Entries of the conversation that are shown of a moment. */
const WORDS = 8;
/** Characters of what is said that cross: more than a line or two are not shown. */
const WORD_CHARS_MAX = 400;

export function momentOf(seq: number, view: RunView): Moment {
  const { mode, status, paused, draining, finished, spent, team, evidence, registry } = view;
  const { integrated } = evidence;
  return {
    seq,
    view: {
      ...{ mode, status, spent },
      ...(paused && { paused }),
      ...(draining && { draining }),
      ...(finished && { finished }),
      evidence: integrated ? { integrated: { verdict: integrated.verdict } } : {},
      needs: view.needs.map(({ signal, ask }) => ({ signal, title: ask.title })),
      active: view.active.map(({ key, kind, title, since, who }) => ({
        ...{ key, kind, title, since },
        ...(who && { role: who.role }),
      })),
      endpoints: endpointsOf(registry?.endpoints ?? []),
      tasks: view.tasks.map(({ spec: { id, title }, state, attempt }) => ({ id, title, state, attempt })),
      facts: team?.facts ?? [],
      words: view.feed.slice(-WORDS).map(wordOf),
    },
  };
}

/** How models did, where one was not well or several were asked. */
const endpointsOf = (all: NonNullable<RunView['registry']>['endpoints']): MomentView['endpoints'] =>
  all
    .filter(({ health, load }) => health !== 'fine' || (load > 0 && all.length > 1))
    .map(({ id, name, health, why, load }) => ({
      id,
      name,
      health,
      load,
      ...(why !== undefined && { why }),
    }));

function wordOf(item: FeedItem): WordView {
  const { id } = item;
  switch (item.kind) {
    case 'said':
      return { kind: item.kind, id, role: item.who.role, text: shortened(item.text) };
    case 'tool':
      return { kind: item.kind, id, role: item.who.role, text: item.title };
    case 'message':
      return { kind: item.kind, id, from: item.from, to: item.to, text: shortened(item.text) };
    case 'gate': {
      const { verdict, reasons } = item.report;
      return { kind: item.kind, id, verdict, ...(reasons[0] !== undefined && { text: reasons[0] }) };
    }
    case 'review':
      return { kind: item.kind, id, verdict: item.verdict };
    case 'consensus':
      return {
        ...{ kind: item.kind, id, about: item.about },
        ...(item.question !== undefined && { question: shortened(item.question) }),
        ...(item.decided !== undefined && { decided: shortened(item.decided) }),
      };
    case 'note':
      return { kind: item.kind, id, text: item.text };
  }
}

const shortened = (text: string): string => text.slice(0, WORD_CHARS_MAX);

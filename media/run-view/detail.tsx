import type { VNode } from 'preact';
import type { RecordPart } from '../../src/protocol/run-view.ts';
import type { SpanView, Timeline } from '../../src/protocol/timeline.ts';
import { Button } from '../panel/parts/button.tsx';
import { cost, duration, tokens } from '../panel/state/format.ts';
import { stepTitle } from '../panel/state/names.ts';
import { visible } from '../panel/state/visible.ts';
import { t, told } from '../panel/texts.ts';
import type { Selected } from './life.ts';
import { nameOfLane, spanState } from './selected.ts';
import { useLife } from './use-life.ts';

/** What the person points at, and its texts to open. */
export function Detail({ timeline }: { timeline: Timeline }): VNode {
  const { selected } = useLife();
  const pointed = selected.value;
  if (pointed === undefined) {
    return (
      <p class="rv-hint dim">
        {t(
          'Select a bar, an arrow or a mark in the time line to see what it was. From there its prompt, reply or result opens in an editor.',
        )}
      </p>
    );
  }
  return (
    <section class="card rv-detail" data-testid="detail" data-kind={pointed.kind} aria-label={t('Selected')}>
      <h2 class="rv-detail-title">{titleOf(pointed, timeline)}</h2>
      <dl class="rv-dl">
        {factsOf(pointed, timeline).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div class="buttons">
        {partsOf(pointed).map(([part, label]) => (
          <Open key={part} seq={pointed.item.id} part={part} label={label} />
        ))}
      </div>
    </section>
  );
}

function Open({ seq, part, label }: { seq: number; part: RecordPart; label: string }): VNode {
  const { post } = useLife();
  return (
    <Button icon="file" testid={`open-${part}`} onClick={() => post({ type: 'text', seq, part })}>
      {label}
    </Button>
  );
}

function titleOf({ kind, item }: Selected, { lanes }: Timeline): string {
  if (kind === 'arrow') return t('Message');
  if (kind === 'span')
    return visible(stepTitle(item.kind, item.title, lanes.find(({ id }) => id === item.lane)?.role));
  return visible(told(kind === 'mark' ? item.text : item.title));
}

type Fact = readonly [name: string, value: string];

function factsOf({ kind, item }: Selected, timeline: Timeline): readonly Fact[] {
  const who: Fact = [
    t('Who'),
    kind === 'arrow' ? nameOfLane(item.from, timeline) : nameOfLane(item.lane, timeline),
  ];
  switch (kind) {
    case 'span':
      return [who, ...spanFacts(item, timeline)];
    case 'wait':
      return [[t('Waited'), duration((item.to ?? timeline.updatedAt) - item.from)], who];
    case 'arrow':
      return [who, [t('To'), nameOfLane(item.to, timeline)], [t('Says'), visible(item.text)]];
    case 'mark':
      return [who, [t('After'), duration(item.at - timeline.startedAt)]];
  }
}

function spanFacts(span: SpanView, { startedAt, updatedAt }: Timeline): readonly Fact[] {
  const { attempt = 1 } = span;
  return [
    [t('Began after'), duration(span.from - startedAt)],
    [t('Took'), duration((span.to ?? updatedAt) - span.from)],
    [t('State'), spanState(span.state)],
    ...(attempt > 1 ? [[t('Attempt'), String(attempt)] as const] : []),
    ...(span.tokens ? [[t('Tokens'), tokens(span.tokens)] as const] : []),
    ...(span.costUsd === undefined ? [] : [[t('Cost'), cost(span.costUsd)] as const]),
    ...(span.endpoint === undefined ? [] : [[t('Endpoint'), span.endpoint] as const]),
  ];
}

type Part = readonly [part: RecordPart, label: string];

function partsOf({ kind, item }: Selected): readonly Part[] {
  const line: Part = ['line', t('Line')];
  if (kind === 'span' && item.kind === 'model')
    return [['prompt', t('Prompt')], ['output', t('Reply')], line];
  if (kind === 'span') return [['output', item.kind === 'tool' ? t('Call and result') : t('Result')], line];
  return kind === 'arrow' ? [['output', t('Message')], line] : [line];
}

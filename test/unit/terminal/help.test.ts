import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '../../../src/terminal/arguments.ts';
import { COMMAND_NAMES, helpHint, helpText } from '../../../src/terminal/help.ts';
import { nearestName } from '../../../src/terminal/nearest-name.ts';
import { UsageError } from '../../../src/terminal/usage-error.ts';
import { USAGE } from '../../../src/terminal/usage.ts';

const refusal = (...typed: string[]): string => {
  try {
    readArguments(typed);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return assert.fail(`understood: ${typed.join(' ')}`);
};

test('the nearest name: letters wrong, left out, swapped; the beginning of one; none where nothing is near', () => {
  const names = ['run', 'runs', 'resume', 'show', 'concurrency'];
  const near = (typed: string) => nearestName(typed, names);
  assert.deepEqual(['rn', 'urn', 'shwo', 'resmue', 'resumes', 'concur'].map(near), [
    ...['run', 'run', 'show', 'resume', 'resume', 'concurrency'],
  ]);
  assert.deepEqual(['x', 'co', 'bogus', ''].map(near), [undefined, undefined, undefined, undefined]);
});

test('an option that is none is named, with the one that was meant', () => {
  assert.equal(refusal('run', 'x', '--bogus'), 'There is no option --bogus.');
  assert.equal(refusal('run', 'x', '--modle', 'y'), 'There is no option --modle. Did you mean --model?');
  assert.equal(refusal('-x'), 'There is no option -x.');
  assert.match(refusal('run', '-fix the total'), /Put -- before a goal/);
  assert.equal((readArguments(['run', '--', '-fix the total']) as { goal?: string }).goal, '-fix the total');
});

test('a command that is none is named, with the one that was meant', () => {
  assert.equal(refusal('rn', 'x'), 'There is no command "rn". Did you mean run?');
  assert.equal(refusal('help', 'shwo'), 'There is no command "shwo". Did you mean show?');
  assert.equal(refusal('frobnicate'), 'There is no command "frobnicate".');
});

test('help about one command reads the same both ways round', () => {
  for (const name of COMMAND_NAMES.filter((each) => each !== 'help')) {
    const asked = readArguments(['help', name]);
    assert.deepEqual(asked, readArguments([name, '--help']));
    assert.deepEqual(asked, { name: 'help', about: name });
  }
  assert.deepEqual(readArguments(['help']), { name: 'help', about: undefined });
  assert.equal(helpText(undefined), USAGE);
});

test('help about one command tells it, its options and how it ends, and no other command', () => {
  const run = helpText('run');
  assert.match(run, /quartet run "<goal>" {4}plan, change/);
  assert.match(run, /quartet run --follow RUN/);
  assert.match(run, /--max-cost USD/);
  assert.match(run, /\n\nExit codes: 0 done/);
  assert.doesNotMatch(run, /\n {2}quartet test /);
  const show = helpText('show');
  assert.match(show, /--task ID: all that is known of one task/);
  assert.match(show, /--state-dir DIR/);
  assert.doesNotMatch(show, /--max-cost|quartet resend/);
});

test('every command that is told of is one', () => {
  for (const name of COMMAND_NAMES.filter((each) => each !== 'help'))
    try {
      readArguments([name]);
    } catch (error) {
      assert.doesNotMatch(String(error), /There is no command/);
    }
});

test('who typed something wrong about a command is led to the help about it', () => {
  assert.equal(helpHint(['run', 'x', '--bogus']), 'See: quartet help run');
  assert.equal(helpHint(['help', 'shwo']), 'See: quartet help');
  assert.equal(helpHint(['--bogus']), 'See: quartet help');
});

import type { Steps } from '../../ports.ts';

/** The same steps but for how one is taken. */
export function withStep(steps: Steps, step: Steps['step']): Steps {
  return {
    step,
    signal: (name, ask) => steps.signal(name, ask),
    standing: (name) => steps.standing(name),
    withdraw: (name, reason) => {
      steps.withdraw(name, reason);
    },
    record: (event) => {
      steps.record(event);
    },
    pause: (reason, message, retry) => steps.pause(reason, message, retry),
  };
}

/** The same steps but for how a question is asked. */
export function withSignal(steps: Steps, signal: Steps['signal']): Steps {
  return { ...withStep(steps, (key, spec, effect) => steps.step(key, spec, effect)), signal };
}

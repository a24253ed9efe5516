/**
 * Mocha's own JSON reporter, which says nothing until all is over, with the words for people of its usual one. It looks for
 * Mocha from the program that runs, since it lies outside of the project itself.
 */
export const MOCHA_REPORTER = `'use strict';
const { createRequire } = require('node:module');

/** The Mocha that loads this, however it was started. */
function mocha() {
  for (const from of [module.parent?.filename, process.argv[1], process.cwd() + '/package.json']) {
    try {
      return createRequire(from)('mocha');
    } catch {}
  }
  throw new Error('Mocha was not found from here.');
}

const { reporters } = mocha();

module.exports = class extends reporters.JSON {
  constructor(runner, options) {
    super(runner, options);
    let depth = 0;
    let failed = 0;
    const say = (text) => console.log('  '.repeat(Math.max(1, depth)) + text);
    runner.once('start', () => console.log('Running ' + runner.total + ' test' + (runner.total === 1 ? '' : 's')));
    runner.on('suite', ({ root, title }) => {
      if (!root) say(title);
      depth += 1;
    });
    runner.on('suite end', () => (depth -= 1));
    runner.on('pass', ({ title, duration }) => say('\\u2714 ' + title + ' (' + (duration ?? 0) + 'ms)'));
    runner.on('fail', ({ title }) => say((failed += 1) + ') ' + title));
    runner.on('pending', ({ title }) => say('- ' + title));
    runner.once('end', () => this.epilogue());
  }
};
`;

// The arrows of the house (src/README.md): protocol <- core <- node | editor | terminal <- doors; media -> protocol.
const doors = '^src/((extension|cli)\\.ts$|loaded/)';

/** A forbidden arrow. Tests are not part of the house and may look into every room. */
const no = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const room = (path, ...pathNot) => ({ path, ...(pathNot.length > 0 && { pathNot }) });

module.exports = {
  forbidden: [
    no('no-cycles', 'Two files that need each other are one.', {}, { circular: true }),
    no('no-unresolved', 'An import must lead somewhere.', room('^(src|media)/'), {
      couldNotResolve: true,
      pathNot: '^vscode$',
    }),
    no('protocol-is-words', 'protocol imports nothing of ours.', room('^src/protocol/'), {
      path: '^(src|media|test)/',
      pathNot: '^src/protocol/',
    }),
    no('core-decides', 'core knows only itself and protocol.', room('^src/core/'), {
      path: '^(src|media|test)/',
      pathNot: '^src/(core|protocol)/',
    }),
    no(
      'core-is-pure',
      'core and protocol ask ports; they use no built-in of Node.',
      room('^src/(core|protocol)/'),
      {
        dependencyTypes: ['core'],
      },
    ),
    no(
      'core-leaves',
      'A leaf of core knows ports, protocol and itself.',
      { path: '^src/core/([^/]+)/', pathNot: '^src/core/(tools|models|team|run)/' },
      { path: '^src/core/', pathNot: '^src/core/($1/|[^/]+\\.ts$)' },
    ),
    no(
      'core-middle',
      'tools, models and team stand on leaves.',
      room('^src/core/(tools|models|team)/'),
      room('^src/core/run/'),
    ),
    no(
      'core-top-files',
      'What lies beside the rooms of core (its ports) knows none of them.',
      room('^src/core/[^/]+\\.ts$'),
      {
        path: '^src/core/[^/]+/',
      },
    ),
    ...['node', 'editor', 'terminal'].map((name) =>
      no(`${name}-is-apart`, 'node, editor and terminal meet only in the doors.', room(`^src/${name}/`), {
        path: '^(src/(node|editor|terminal)|media|test)/',
        pathNot: `^src/${name}/`,
      }),
    ),
    no(
      'doors-are-outside',
      'Nobody imports a door, but the editor’s the parts that it loads late.',
      room('^(src|media)/', '^src/extension\\.ts$'),
      room(doors),
    ),
    no('panel-is-apart', 'The panel is another process: it shares words only.', room('^media/'), {
      path: '^(src|test)/',
      pathNot: '^src/protocol/',
    }),
    no('panel-has-no-node', 'The panel runs in a browser.', room('^media/'), { dependencyTypes: ['core'] }),
    no(
      'vscode-stays-in-the-editor',
      'Only src/editor and src/extension.ts know the editor.',
      {
        path: '^(src|media)/',
        pathNot: ['^src/editor/', '^src/extension\\.ts$'],
      },
      { path: '^vscode$|@types/vscode' },
    ),
    no('terminal-has-no-editor', 'The terminal door never reaches the editor.', room('^src/cli\\.ts$'), {
      path: '^src/editor/',
      reachable: true,
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|test/fixtures|\\.vscode-test)/|^esbuild\\.js$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'require', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.css', '.md', '.d.ts'],
    },
  },
};

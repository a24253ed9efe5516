import { checkPatches, patchOf } from './check-patch.ts';

const UPDATE = '*** Update File: f\n@@\n-a\n+b';

checkPatches([
  { is: 'empty patch', patch: patchOf(''), gives: { error: 'empty_patch' } },
  { is: 'only the frame', patch: '*** Begin Patch\n*** End Patch', gives: { error: 'empty_patch' } },
  { is: 'no text', patch: '', gives: { error: 'no_begin' } },
  { is: 'only blanks', patch: ' \n\n', gives: { error: 'no_begin' } },
  { is: 'no beginning', files: 'a\n', patch: `${UPDATE}\n*** End Patch`, gives: { error: 'no_begin' } },
  {
    is: 'no end: cut off',
    files: 'a\n',
    patch: `*** Begin Patch\n${UPDATE}`,
    gives: { error: 'no_end', says: /cut off/u },
  },
  {
    is: 'cut off in a header',
    files: 'a\n',
    patch: `*** Begin Patch\n${UPDATE}\n*** Upd`,
    gives: { error: 'bad_line' },
  },
  {
    is: 'words before the patch',
    files: 'a\n',
    patch: `Here it is:\n${patchOf(UPDATE)}`,
    gives: { error: 'no_begin' },
  },
  {
    is: 'words after the patch',
    files: 'a\n',
    patch: `${patchOf(UPDATE)}\nThat was it.`,
    gives: { error: 'bad_line' },
  },
  { is: 'a hunk before any header', patch: patchOf('@@\n-a\n+b'), gives: { error: 'bad_header' } },
  { is: 'an unknown header', patch: patchOf('*** Rename File: a'), gives: { error: 'bad_header' } },
  {
    is: 'an unknown header in an update',
    files: 'a\n',
    patch: patchOf(`${UPDATE}\n*** Copy File: x`),
    gives: { error: 'bad_line' },
  },
  { is: 'a header without a file', patch: patchOf('*** Add File:  \n+a'), gives: { error: 'bad_path' } },
  {
    is: 'blank lines around everything',
    files: 'a\n',
    patch: `\n\n${patchOf(`\n${UPDATE}\n`)}\n\n`,
    gives: 'b\n',
  },
  { is: 'a code fence', files: 'a\n', patch: '```diff\n' + patchOf(UPDATE) + '\n```', gives: 'b\n' },
  {
    is: 'a here-document',
    files: 'a\n',
    patch: `apply_patch <<'EOF'\n${patchOf(UPDATE)}\nEOF\n`,
    gives: 'b\n',
  },
  {
    is: 'a here-document in a fence',
    files: 'a\n',
    patch: `\`\`\`\n<<EOF\n${patchOf(UPDATE)}\nEOF\n\`\`\``,
    gives: 'b\n',
  },
  { is: 'everything indented', files: 'a\n', patch: patchOf(UPDATE).replace(/^/gmu, '    '), gives: 'b\n' },
  {
    is: 'only the frame indented',
    files: 'a\n',
    patch: `  *** Begin Patch\n${UPDATE}\n  *** End Patch  `,
    gives: 'b\n',
  },
  { is: 'a byte order mark before the patch', files: 'a\n', patch: `\uFEFF${patchOf(UPDATE)}`, gives: 'b\n' },
  {
    is: 'two patches in a row',
    files: { f: 'a\n', g: '1' },
    patch: `${patchOf(UPDATE)}\n${patchOf('*** Delete File: g')}`,
    gives: 'b\n',
  },
  { is: 'the beginning twice', files: 'a\n', patch: `*** Begin Patch\n${patchOf(UPDATE)}`, gives: 'b\n' },
  { is: 'a header twice', files: 'a\n', patch: patchOf(`*** Update File: f\n${UPDATE}`), gives: 'b\n' },
  {
    is: 'headers with odd blanks',
    files: 'a\n',
    patch: '***  Begin   Patch \n***Update File :   f  \n@@\n-a\n+b\n*** End Patch\t',
    gives: 'b\n',
  },
  {
    is: 'headers in small letters',
    files: 'a\n',
    patch: '*** begin patch\n*** update file: f\n@@\n-a\n+b\n*** end patch',
    gives: 'b\n',
  },
  {
    is: 'the first header indented',
    files: 'a\n',
    patch: '*** Begin Patch\n  *** Update File: f\n  *** Move to: g\n@@\n-a\n+b\n*** End Patch',
    gives: { g: 'b\n' },
  },
  {
    is: 'frames with stars at both ends',
    files: 'a\n',
    patch: `*** Begin Patch ***\n${UPDATE}\n*** End Patch ***`,
    gives: 'b\n',
  },
  {
    is: 'paths with blanks and letters of many scripts',
    patch: patchOf('*** Add File:  my dir/ä 文 😀.txt \n+x'),
    gives: { 'my dir/ä 文 😀.txt': 'x\n' },
  },
  {
    is: 'paths in quotes',
    patch: patchOf('*** Add File: "a b.txt"\n+x\n*** Add File: `c`\n+y'),
    gives: { 'a b.txt': 'x\n', c: 'y\n' },
  },
  {
    is: 'paths with dots and doubled slashes',
    files: 'a\n',
    patch: patchOf('*** Update File: .//./f\n@@\n-a\n+b'),
    gives: 'b\n',
  },
]);

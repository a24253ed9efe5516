/** What every Workspace does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PortError, type TreeChange, type Workspace } from '../../../src/core/ports.ts';

/** An empty folder of a person. */
export interface WorkspaceWorld {
  readonly workspace: Workspace;
  /** As the person would, behind our back. */
  write(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  end(): Promise<void>;
}

const bytes = (text: string) => new TextEncoder().encode(text);
const change = (
  path: string,
  before: string | undefined,
  after: string | undefined,
  mode?: string,
): TreeChange => ({
  path,
  before: before === undefined ? undefined : bytes(before),
  after: after === undefined ? undefined : bytes(after),
  ...(mode !== undefined && { mode }),
});

export function workspaceContract(name: string, make: () => Promise<WorkspaceWorld>): void {
  type World = WorkspaceWorld & { text: (path: string) => Promise<string | undefined> };
  const check = (what: string, body: (world: World) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const world = await make();
      const text = async (path: string) => {
        const found = await world.workspace.read(path);
        return found && new TextDecoder().decode(found);
      };
      try {
        await body({ ...world, text });
      } finally {
        await world.end();
      }
    });
  };

  check('changes are applied together: added, modified, deleted', async ({ workspace, write, text }) => {
    await write('mod.ts', 'old\n');
    await write('dir/del.ts', 'gone\n');
    const changes = [
      change('mod.ts', 'old\n', 'new\r\n'),
      change('dir/del.ts', 'gone\n', undefined),
      change('new/ä.ts', undefined, 'ä\n'),
    ];
    assert.deepEqual(await workspace.apply(changes), { ok: true });
    assert.deepEqual(
      [await text('mod.ts'), await text('dir/del.ts'), await text('new/ä.ts')],
      ['new\r\n', undefined, 'ä\n'],
    );
    assert.deepEqual(await workspace.apply(changes), { ok: true });
    assert.equal(await text('mod.ts'), 'new\r\n');
    assert.deepEqual(await workspace.apply([]), { ok: true });
  });

  check('applying and taking back is the identity', async ({ workspace, write, text }) => {
    await write('a.ts', '1\n');
    await write('d/e.ts', '2\n');
    const changes = [
      change('a.ts', '1\n', '11\n'),
      change('d/e.ts', '2\n', undefined),
      change('f/g.ts', undefined, '3\n'),
    ];
    await workspace.apply(changes);
    const back = changes.map(({ path, before, after }) => ({ path, before: after, after: before }));
    assert.deepEqual(await workspace.apply(back), { ok: true });
    assert.deepEqual(
      [await text('a.ts'), await text('d/e.ts'), await text('f/g.ts')],
      ['1\n', '2\n', undefined],
    );
  });

  check(
    'where a file moved on nothing is written, and the file is named',
    async ({ workspace, write, text }) => {
      await write('a.ts', 'as shown\n');
      await write('b.ts', 'typed since\n');
      await write('d.ts', 'appeared\n');
      const changes = [
        change('a.ts', 'as shown\n', 'A\n'),
        change('b.ts', 'as shown\n', 'B\n'),
        change('c.ts', 'was there\n', 'C\n'),
        change('d.ts', undefined, 'D\n'),
      ];
      assert.deepEqual(await workspace.apply(changes), { ok: false, moved: ['b.ts', 'c.ts', 'd.ts'] });
      assert.deepEqual(
        [await text('a.ts'), await text('b.ts'), await text('c.ts'), await text('d.ts')],
        ['as shown\n', 'typed since\n', undefined, 'appeared\n'],
      );
    },
  );

  check('what stopped half-way is completed by the same call', async ({ workspace, write, text }) => {
    await write('a.ts', 'A\n');
    await write('b.ts', 'b\n');
    assert.deepEqual(await workspace.apply([change('a.ts', 'a\n', 'A\n'), change('b.ts', 'b\n', 'B\n')]), {
      ok: true,
    });
    assert.deepEqual([await text('a.ts'), await text('b.ts')], ['A\n', 'B\n']);
  });

  check('no path leads out, and then nothing is written', async ({ workspace, text }) => {
    for (const path of ['../x', '/etc/x', 'a/../../x', 'C:/x', 'a\0']) {
      const changes = [change('ok.ts', undefined, 'x'), change(path, undefined, 'x')];
      await assert.rejects(
        workspace.apply(changes),
        (error) => error instanceof PortError && error.code.startsWith('path.'),
        path,
      );
      assert.equal(await text('ok.ts'), undefined);
    }
  });
}

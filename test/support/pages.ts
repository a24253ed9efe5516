/** The pages of the editor's webviews as they ship, built from the sources as they are now. */
import * as esbuild from 'esbuild';
import { join } from 'node:path';
import { bundles } from '../../esbuild.js';
import { loadedBytes } from './sizes.mjs';

/** Names of the pages' bundles. */
export type PageName = 'panel' | 'run-view';

export interface Pages {
  /** By their place below `dist/`, such as `panel.js`. */
  readonly files: Readonly<Record<string, string>>;
  /** Bytes of script that a page needs before it is drawn: its own and what that imports, but for what is loaded later. */
  scriptBytes(page: PageName): number;
}

export async function buildPages(): Promise<Pages> {
  const options = bundles.find(({ entryPoints }) => 'panel' in entryPoints);
  const { outputFiles, metafile } = await esbuild.build({
    ...(options as esbuild.BuildOptions),
    minify: true,
    sourcemap: false,
    write: false,
    metafile: true,
  });
  const dist = join(import.meta.dirname, '..', '..', 'dist');
  const files = Object.fromEntries(
    outputFiles.map(({ path, text }) => [path.slice(dist.length + 1).replaceAll('\\', '/'), text]),
  );
  return {
    files,
    scriptBytes(page) {
      return loadedBytes(metafile.outputs, `dist/${page}.js`);
    },
  };
}

// The terminal door must build without the editor: here `vscode` is not external, so reaching it fails the build.
import * as esbuild from 'esbuild';
import { host } from '../../esbuild.js';

const options = { ...host, entryPoints: { cli: 'src/cli.ts' }, write: false, logLevel: 'error' };
await esbuild.build(options).catch(() => process.exit(1));

/** Pages of ours: our script and style, and nothing else may load or run. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { TOLD } from '../../protocol/told-patterns.ts';
import { TOLD_WHYS } from '../../protocol/told-whys.ts';
import { wordsLearnt } from '../told.ts';

/** Data that a page carries; no text of it can end its element. */
const dataOf = (id: string, data: unknown): string =>
  `<script type="application/json" id="${id}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`;

/** The words of the person's language. */
function texts(): string {
  const words = wordsLearnt();
  if (words === undefined) return '';
  return [dataOf('texts', words), dataOf('told', TOLD), dataOf('whys', TOLD_WHYS)].join('\n');
}

/** `page` names the bundle: `panel` or `run-view`. What it loads later is allowed by the nonce that it hands on. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, page: 'panel' | 'run-view'): string {
  const asset = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(extension, 'dist', name)).toString();
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource}`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${asset('page.css')}">
<link rel="stylesheet" href="${asset(`${page}.css`)}">
<title>Quartet</title>
</head>
<body>
<div id="root"></div>
${texts()}
<script type="module" nonce="${nonce}" src="${asset(`${page}.js`)}"></script>
</body>
</html>`;
}

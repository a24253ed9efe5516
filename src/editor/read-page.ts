import * as vscode from 'vscode';

/** Shows a Markdown document of ours as a page; as its text where the editor has no such pages. */
export async function readPage(document: vscode.Uri): Promise<void> {
  if (vscode.extensions.getExtension('vscode.markdown-language-features'))
    await vscode.commands.executeCommand('markdown.showPreview', document);
  else await vscode.window.showTextDocument(document, { preview: true });
}

/** File systems behind the review: the base, read-only, and the proposed texts, which the person may edit. */
import * as vscode from 'vscode';
import type { Disposable, WorkingCopies } from '../../core/ports.ts';
import type { ReviewProgress } from './progress.ts';
import { BASE_SCHEME, parseAddress, PROPOSED_SCHEME, type ReviewAddress } from './uris.ts';
import { t } from '../told.ts';

export interface ReviewFilesNeeds {
  readonly copies: () => Promise<Pick<WorkingCopies, 'read' | 'names'>>;
  readonly progress: ReviewProgress;
  /** A person saved a text of their own. */
  readonly edited: (address: ReviewAddress) => void;
}

export interface ReviewFiles extends Disposable {
  /** The proposed text reads differently now, by other means than an edit in its editor. */
  refresh(uris: readonly vscode.Uri[]): void;
}

const encode = (text: string) => new TextEncoder().encode(text);

/** Errors: `Unavailable` for bytes that are not UTF-8, which an answer cannot carry. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw vscode.FileSystemError.Unavailable(
      t('This text is not UTF-8. Set the encoding of this editor to UTF-8 and save again.'),
    );
  }
}

const refuse = (uri: vscode.Uri) => vscode.FileSystemError.NoPermissions(uri);

/** One side. `isProposed`: its texts may be edited. */
export class ReviewFileSystem implements vscode.FileSystemProvider {
  readonly #needs: ReviewFilesNeeds;
  readonly #isProposed: boolean;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** When a text last changed here, by address; what was never changed is as old as the window. */
  readonly #changedAt = new Map<string, number>();
  readonly #openedAt = Date.now();
  readonly onDidChangeFile = this.#changed.event;

  constructor(needs: ReviewFilesNeeds, isProposed: boolean) {
    this.#needs = needs;
    this.#isProposed = isProposed;
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const address = parseAddress(uri);
    const times = { ctime: this.#openedAt, mtime: this.#changedAt.get(uri.toString()) ?? this.#openedAt };
    if (await this.#isFolder(address)) return { type: vscode.FileType.Directory, ...times, size: 0 };
    const size = (await this.readFile(uri)).length;
    const isFixed =
      !this.#isProposed || address.isAbsent || (await this.#bytes(address))?.includes(0) === true;
    const fixed = isFixed ? { permissions: vscode.FilePermission.Readonly } : {};
    return { type: vscode.FileType.File, ...times, size, ...fixed };
  }

  /** The person's own text if there is one, else the tree's. */
  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const address = parseAddress(uri);
    const edited = this.#isProposed ? this.#needs.progress.file(address, address.path).edited : undefined;
    if (edited !== undefined) return encode(edited);
    if (address.isAbsent) return new Uint8Array();
    const bytes = await this.#bytes(address);
    if (bytes === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return bytes;
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    if (!this.#isProposed) throw refuse(uri);
    const address = parseAddress(uri);
    const proposed = address.isAbsent ? undefined : await this.#bytes(address);
    if (proposed === undefined) throw refuse(uri);
    const text = decode(content);
    const isOwn = Buffer.compare(content, proposed) !== 0;
    await this.#needs.progress.change(address, address.path, { edited: isOwn ? text : undefined });
    this.refresh([uri]);
    this.#needs.edited(address);
  }

  refresh(uris: readonly vscode.Uri[]): void {
    for (const uri of uris) this.#changedAt.set(uri.toString(), Date.now());
    this.#changed.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
  }

  watch = () => ({ dispose() {} });
  readDirectory = () => [];
  createDirectory(uri: vscode.Uri): never {
    throw refuse(uri);
  }
  delete(uri: vscode.Uri): never {
    throw refuse(uri);
  }
  rename(uri: vscode.Uri): never {
    throw refuse(uri);
  }
  dispose(): void {
    this.#changed.dispose();
  }

  async #bytes({ tree, path }: ReviewAddress): Promise<Uint8Array | undefined> {
    return await (await this.#needs.copies()).read(tree, path);
  }

  async #isFolder({ tree, path, isAbsent }: ReviewAddress): Promise<boolean> {
    if (isAbsent) return false;
    return (await (await this.#needs.copies()).names(tree, path)) !== undefined;
  }
}

/** Registers both file systems. */
export function registerReviewFiles(needs: ReviewFilesNeeds): ReviewFiles {
  const base = new ReviewFileSystem(needs, false);
  const proposed = new ReviewFileSystem(needs, true);
  const register = vscode.workspace.registerFileSystemProvider.bind(vscode.workspace);
  const ends = vscode.Disposable.from(
    register(BASE_SCHEME, base, { isCaseSensitive: true, isReadonly: true }),
    register(PROPOSED_SCHEME, proposed, { isCaseSensitive: true }),
    base,
    proposed,
  );
  return { refresh: (uris) => proposed.refresh(uris), dispose: () => void ends.dispose() };
}

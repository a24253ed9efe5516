/** Role files in memory: a test puts them there while a run works. */
import type { RoleFiles, RoleText } from '../../../src/core/ports.ts';
import { nodeHasher } from '../../../src/node/hasher.ts';

export class InMemoryRoles implements RoleFiles {
  readonly files: Omit<RoleText, 'approved'>[] = [];
  readonly approved = new Set<string>();
  copy(): InMemoryRoles {
    const copy = new InMemoryRoles();
    copy.files.push(...this.files);
    for (const digest of this.approved) copy.approved.add(digest);
    return copy;
  }
  put(from: RoleText['from'], name: string, text: string): void {
    this.files.push({
      from,
      path: from === 'person' ? `~/.quartet/agents/${name}.md` : `.quartet/agents/${name}.md`,
      text,
    });
  }
  list(): Promise<readonly RoleText[]> {
    const texts = this.files.map((file) => ({
      ...file,
      approved: file.from === 'person' || this.approved.has(nodeHasher.sha256(file.text)),
    }));
    return Promise.resolve(texts);
  }
  approve(digest: string): Promise<void> {
    this.approved.add(digest);
    return Promise.resolve();
  }
  add(to: RoleText['from'], name: string, text: string): Promise<string> {
    this.put(to, name, text);
    return Promise.resolve(this.files.at(-1)?.path ?? '');
  }
}

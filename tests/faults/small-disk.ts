import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Only root may mount one; in CI a machine that may not is a failure. */
export const mayMount = mountWorks() || process.env['CI'] === 'true';

/** A disk of its own (tmpfs): as full or as read-only as a test wants it. */
export class SmallDisk {
  readonly path: string;

  /** @param size as mount understands it: 400k, 8m. */
  constructor(size: string, path = mkdtempSync(join(tmpdir(), 'kadoru-disk-'))) {
    mkdirSync(path, { recursive: true });
    this.path = path;
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path]);
  }

  /** Leaves no byte free, as somebody else's file would. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    const block = Buffer.alloc(4_096);
    try {
      while (writeSync(file, block) > 0);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    } finally {
      closeSync(file);
    }
  }

  clear(): void {
    rmSync(this.#ballast, { force: true });
  }

  remount(mode: 'ro' | 'rw'): void {
    execFileSync('/bin/mount', ['-o', `remount,${mode}`, this.path]);
  }

  /** Even while somebody has files open on it. */
  end(): void {
    spawnSync('/bin/umount', ['-l', this.path]);
  }

  get #ballast(): string {
    return join(this.path, 'somebody-elses');
  }
}

function mountWorks(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'kadoru-mount-'));
  const mounted = spawnSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (mounted.status === 0) execFileSync('/bin/umount', [folder]);
  return mounted.status === 0;
}

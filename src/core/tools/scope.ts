/** Whether a path lies in a file scope. */
import picomatch from 'picomatch';

/** True where a confined path matches one of the globs; a glob that names a folder covers what is below it. */
export function mayWrite(path: string, scope: readonly string[]): boolean {
  return scope.some((glob) =>
    picomatch.isMatch(path, [glob, `${glob.replace(/^\.\//, '').replace(/\/+$/, '')}/**`], { dot: true }),
  );
}

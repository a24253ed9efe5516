import { useEffect, useState } from 'preact/hooks';

/** Width from which two columns are easier to read than one. */
const WIDE = '(min-width: 760px)';

/** Whether the page has room for two columns. */
export function useWide(): boolean {
  const [wide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const changed = (): void => setWide(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return wide;
}

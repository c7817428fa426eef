/** Where and when the page speaks: its words, its language, the time of this rendering. */

import { useEffect, useState } from 'react';
import { useLanguage } from '../shared/words/language.tsx';
import { useWords } from '../shared/words/restore.ts';
import type { Here } from './speech.ts';

export function useHere(): Here {
  const say = useWords();
  const { language } = useLanguage();
  return { say, language, now: new Date() };
}

/** Whole seconds until `at` (epoch milliseconds), counted down while `isCounting`; never under 0. */
export function useSecondsUntil(at: number, isCounting: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isCounting) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isCounting]);
  return Math.max(0, Math.ceil((at - now) / 1000));
}

/** The picture of the side: an old PC, a new one, and what travels between them. Decoration. */

import { makeStyles } from '@fluentui/react-components';
import { tokens } from '../shared/theme.ts';

const useStyles = makeStyles({
  picture: { display: 'block', width: '100%', height: 'auto', ':dir(rtl)': { transform: 'scaleX(-1)' } },
  // Letters and the tick are read the same way everywhere: turned with the picture, and back.
  upright: { transformBox: 'fill-box', transformOrigin: 'center', ':dir(rtl)': { transform: 'scaleX(-1)' } },
});

export interface RestorePictureProps {
  /** On the new PC: a tick, or a lock where restore is refused. */
  readonly mark: 'tick' | 'lock';
}

export function RestorePicture({ mark }: RestorePictureProps) {
  const styles = useStyles();
  const paper = tokens.colorNeutralBackground1;
  const line = tokens.coOffLine;
  const isLocked = mark === 'lock';
  return (
    <svg viewBox="0 0 280 176" className={styles.picture} aria-hidden="true" focusable="false">
      <path
        d="M60 88C84 22 190 22 214 84"
        fill="none"
        stroke={tokens.coProtected}
        strokeWidth="2"
        strokeDasharray="0.5 6"
        strokeLinecap="round"
      />
      <g fill={paper} stroke={line} strokeWidth="1.5">
        <rect x="66" y="24" width="34" height="34" rx="7" />
        <rect x="120" y="6" width="34" height="34" rx="7" />
        <rect x="174" y="24" width="34" height="34" rx="7" />
        <rect x="15" y="100" width="88" height="58" rx="6" />
        {isLocked ? <rect x="165" y="92" width="98" height="66" rx="6" /> : null}
      </g>
      <text
        className={styles.upright}
        x="83"
        y="46"
        textAnchor="middle"
        fontSize="14"
        fontWeight="600"
        fill={tokens.coInk}
      >
        Aa
      </text>
      <path d="M127 33l7-9 5 6 3-3 6 6z" fill={tokens.coProtected} />
      <circle cx="145" cy="16" r="3" fill={tokens.coProtected} />
      <path d="M193 32a9 9 0 1 0 8 14 8 8 0 0 1-8-14z" fill={tokens.coInk} />
      <g fill={tokens.coTint2}>
        <rect x="28" y="113" width="28" height="8" rx="4" />
        <rect x="28" y="127" width="48" height="6" rx="3" />
        <rect x="28" y="139" width="38" height="6" rx="3" />
      </g>
      <g fill={line}>
        <rect x="2" y="162" width="114" height="5" rx="2.5" />
        {isLocked ? <rect x="150" y="162" width="128" height="5" rx="2.5" /> : null}
      </g>
      {isLocked ? (
        <g fill="none" stroke={tokens.coInk} strokeWidth="2">
          <rect x="203" y="124" width="22" height="17" rx="2.5" />
          <path d="M207 124v-5a7 7 0 0 1 14 0v5" />
        </g>
      ) : (
        <>
          <rect x="164" y="92" width="100" height="66" rx="6" fill={tokens.coProtected} />
          <rect x="150" y="162" width="128" height="5" rx="2.5" fill={tokens.coInk} />
          <circle cx="214" cy="125" r="17" fill={paper} fillOpacity="0.2" />
          <path
            className={styles.upright}
            d="M206 126l6 6 11-13"
            fill="none"
            stroke={paper}
            strokeWidth="2.5"
            strokeLinecap="round"
            strokeLinejoin="round"
          />
        </>
      )}
    </svg>
  );
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { render } from '../../testing/render.tsx';

interface CenterProps {
  readonly ask: () => Promise<number>;
  readonly change: () => Promise<void>;
}

/** A page that shows something of the service, and another one that changes something else. */
function Center({ ask, change }: CenterProps) {
  const [isOpen, setOpen] = useState(true);
  const changing = useMutation({ mutationFn: change });
  return (
    <>
      <button type="button" onClick={() => setOpen(!isOpen)}>
        Turn the page
      </button>
      <button type="button" onClick={() => changing.mutate()}>
        Change something
      </button>
      {isOpen ? <Shown ask={ask} /> : null}
    </>
  );
}

function Shown({ ask }: Pick<CenterProps, 'ask'>) {
  const { data } = useQuery({ queryKey: ['shown'], queryFn: ask });
  return <p>Asked {data} times</p>;
}

for (const [how, change] of [
  ['a change', async () => undefined],
  [
    'a change that was refused',
    async () => {
      throw new Error('refused');
    },
  ],
] as const)
  test(`a page is asked anew when it is opened after ${how}, and not without one`, async (context) => {
    // What is known counts as fresh for some seconds, which a loaded machine may take from one line to the next.
    context.mock.timers.enable({ apis: ['Date'] });
    let asked = 0;
    const ask = async () => {
      asked += 1;
      return asked;
    };
    await using page = await render(<Center ask={ask} change={change} />);
    const turn = () => page.click(page.get('button', 'Turn the page'));
    await page.until(() => page.text().includes('Asked 1 times'));

    await turn();
    await turn();
    assert.match(page.text(), /Asked 1 times/);

    await turn();
    await page.click(page.get('button', 'Change something'));
    await turn();
    await page.until(() => page.text().includes('Asked 2 times'));
  });

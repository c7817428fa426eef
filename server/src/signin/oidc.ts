/**
 * The OpenID provider's package, loaded without its remark about the runtime.
 *
 * It warns on the console about every Node that has no LTS name yet, which is true and of no use to an operator: the
 * version is ours to choose and our tests run on it. Everything else that it says is heard.
 */

async function loaded(): Promise<typeof import('oidc-provider')> {
  const { warn } = console;
  console.warn = (...words: unknown[]) => {
    if (!String(words[0]).includes('Unsupported runtime')) warn(...words);
  };
  try {
    return await import('oidc-provider');
  } finally {
    console.warn = warn;
  }
}

export const { Provider, errors, interactionPolicy } = await loaded();

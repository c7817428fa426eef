/**
 * What the pages do more where JavaScript runs. Everything works without: what needs it is hidden until it is here.
 *
 * - "Show" on passwords; they are hidden again before they are sent, so that the browser takes them for passwords.
 * - "Copy" on commands.
 * - Times in the person's own time zone.
 * - A form is sent once, however often its button is pressed, and its button says that it is busy.
 */

/** A form whose answer is lost may be sent again after this many milliseconds. */
const BUSY_MS = 10_000;

for (const button of document.querySelectorAll('button[data-shows]')) {
  const input = document.getElementById(button.dataset.shows);
  const show = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.firstChild.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  button.addEventListener('click', () => show(input.type === 'password'));
  button.form.addEventListener('submit', () => show(false));
  button.hidden = false;
}

for (const button of document.querySelectorAll('button[data-copies]')) {
  // Browsers offer the clipboard to safe origins only.
  if (navigator.clipboard === undefined) continue;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.firstChild.textContent = button.dataset.copied;
  });
  button.hidden = false;
}

for (const time of document.querySelectorAll('time')) {
  const { lang } = document.documentElement;
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  time.textContent = new Date(time.dateTime).toLocaleTimeString(lang, clock) + (lang === 'de' ? ' Uhr' : '');
}

for (const form of document.forms) {
  let sentAt;
  form.addEventListener('submit', (event) => {
    if (sentAt !== undefined && event.timeStamp - sentAt < BUSY_MS) return event.preventDefault();
    sentAt = event.timeStamp;
    event.submitter?.setAttribute('aria-busy', 'true');
  });
  // Back to a page that the browser kept as it was left.
  addEventListener('pageshow', () => {
    sentAt = undefined;
    for (const busy of document.querySelectorAll('[aria-busy]')) busy.removeAttribute('aria-busy');
  });
}

// Keeps the status page up to date. The page itself is the only thing that knows how something is shown: an event says
// that there is something new, then the page is asked for again and what differs is put in its place. Between events it
// is asked for once per round, for what no event tells: the history, and that the server still answers.

const EVENTS = '/api/v2/events';
const ANSWER_WITHIN_MS = 5000;
const RETRY_MS = 3000;
/** Many components may change in one round, and many people may look: one question for all, and not all at once. */
const GATHER_MS = 100;
const SPREAD_MS = 200;

const refreshMs = Number(document.documentElement.dataset.refreshSeconds) * 1000;
const lost = document.querySelector('#lost');
const announcer = document.querySelector('#announcer');
const indicator = document.querySelector('#connection');

/** @type {EventSource | undefined} */
let events;
/** The stream of events is open. */
let isLive = false;
let isAsking = false;
/** Something happened while the page was asked for. */
let askAgain = false;
let timer = 0;
/** When the server last answered; both clocks. */
let answeredAt = performance.now();
let answeredTime = new Date();
/** Age of the oldest figures in seconds when the server last answered; undefined: not known. */
let ageThen;
let isLost = false;

showInLocalTime(document);
listen();
refreshIn(0);
setInterval(showAge, 1000);
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) refreshIn(0);
});
addEventListener('online', () => refreshIn(0));
addEventListener('offline', () => refreshIn(0));
// Out of the browser's memory of pages, where nothing kept it up to date.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) refreshIn(0);
});

function listen() {
  events?.close();
  events = new EventSource(EVENTS);
  events.addEventListener('open', () => {
    isLive = true;
    showConnection();
  });
  events.addEventListener('status', () => refreshIn(GATHER_MS + Math.random() * SPREAD_MS));
  events.addEventListener('error', () => {
    isLive = false;
    showConnection();
    refreshIn(0);
  });
}

/** @param {number} ms */
function refreshIn(ms) {
  clearTimeout(timer);
  if (isAsking) askAgain = true;
  else timer = setTimeout(refresh, ms);
}

async function refresh() {
  isAsking = true;
  askAgain = false;
  try {
    const answer = await fetch('/', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    // Something in between may answer in its stead, with a page of its own.
    if (!answer.ok || page.querySelector('#page') === null) throw new Error('not the status page');
    update(page, Date.parse(answer.headers.get('date') ?? ''));
    noteAnswer();
  } catch {
    noteSilence();
  }
  isAsking = false;
  if (isLost) refreshIn(RETRY_MS);
  else refreshIn(askAgain ? GATHER_MS : refreshMs);
}

/** @param {Document} page @param {number} now the server's time, ms since the epoch */
function update(page, now) {
  showInLocalTime(page);
  const read = page.querySelector('[data-read] time')?.getAttribute('datetime');
  const age = (now - Date.parse(read ?? '')) / 1000;
  ageThen = Number.isNaN(age) ? undefined : Math.max(0, age);
  answeredAt = performance.now();
  announce(page);
  if (keysOf(page) === keysOf(document)) {
    for (const part of page.querySelectorAll('[data-live]')) replace(part);
    for (const component of page.querySelectorAll('[data-component]')) copyState(component);
  } else {
    // Other components than before: the configuration has changed.
    document.querySelector('#components').replaceWith(page.querySelector('#components'));
    for (const part of page.querySelectorAll('[data-live]')) replace(part);
  }
  showAge();
}

/** @param {Document} page */
function keysOf(page) {
  return Array.from(page.querySelectorAll('[data-live]'), (part) => part.dataset.live).join(' ');
}

/** @param {Element} part */
function replace(part) {
  const old = document.querySelector(`[data-live="${part.dataset.live}"]`);
  if (old === null || old.outerHTML === part.outerHTML) return;
  // A region that is read out has to stay what it is; only its content is new.
  if (old.hasAttribute('role')) {
    if (old.innerHTML !== part.innerHTML) old.replaceChildren(...part.cloneNode(true).childNodes);
  } else {
    old.replaceWith(part.cloneNode(true));
  }
}

/** @param {Element} component */
function copyState(component) {
  const old = document.querySelector(`[data-component="${component.dataset.component}"]`);
  if (old === null) return;
  old.dataset.state = component.dataset.state;
  old.dataset.figures = component.dataset.figures;
}

/** Tells those who listen what those who look can see: changes of status, and not every figure. @param {Document} page */
function announce(page) {
  const changes = [];
  for (const component of page.querySelectorAll('[data-component]')) {
    const { component: id, state } = component.dataset;
    const old = document.querySelector(`[data-component="${id}"]`);
    if (old === null || old.dataset.state === state) continue;
    changes.push(`${component.querySelector('h3').textContent} is now ${state}.`);
  }
  if (changes.length > 0) announcer.textContent = changes.join(' ');
}

function noteAnswer() {
  answeredTime = new Date();
  if (isLost) {
    isLost = false;
    lost.replaceChildren();
    announcer.textContent = 'The connection is back.';
  }
  // The browser gives up on a stream that was answered with an error, by a proxy for example.
  if (events?.readyState === EventSource.CLOSED) listen();
  showConnection();
}

function noteSilence() {
  if (!isLost) {
    isLost = true;
    const banner = document.createElement('p');
    banner.className = 'banner';
    const loud = document.createElement('strong');
    loud.textContent = 'Connection lost.';
    banner.append(
      loud,
      ` The server of this page has not answered since ${answeredTime.toLocaleTimeString()}. What you see is from then, and may have changed.`,
    );
    lost.replaceChildren(banner);
  }
  showConnection();
}

function showConnection() {
  const state = isLost ? 'lost' : isLive ? 'live' : 'asking';
  const words = {
    lost: 'Connection lost, trying again',
    live: 'Live',
    asking: `Asking every ${refreshMs / 1000} s`,
  };
  document.documentElement.dataset.connection = state;
  indicator.dataset.connection = state;
  indicator.textContent = words[state];
}

/** As old as the figures are by now, if the server has not read newer ones since it was asked. */
function showAge() {
  const seconds = ageThen === undefined ? undefined : ageThen + (performance.now() - answeredAt) / 1000;
  for (const place of document.querySelectorAll('[data-ago]')) {
    place.textContent = seconds === undefined ? '' : `${duration(seconds)} ago`;
  }
}

/** @param {number} seconds */
function duration(seconds) {
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor(whole / 60) % 60} min`;
}

/** @param {Document} page */
function showInLocalTime(page) {
  const today = new Date().toDateString();
  for (const time of page.querySelectorAll('time')) {
    const moment = new Date(time.dateTime);
    const isToday = moment.toDateString() === today;
    time.title = time.dateTime;
    time.textContent = isToday ? moment.toLocaleTimeString() : moment.toLocaleString();
  }
}

'use strict';
(() => {
  const $ = (id) => document.getElementById(id);
  const list = $('list'), search = $('search'), told = $('shown'), tools = document.querySelector('.tools');
  // The rows, of which only those that are shown are in the document: it would lay out ten thousand again with each change.
  const rows = Array.from(list.children), texts = new WeakMap();
  const row_of = (id) => id && rows.find((row) => row.id === id);
  tools.hidden = false;

  // The fragment has all of it: #14, #show=wrong&q=tags, #14&test=boot.
  const parse = () => {
    const state = {};
    for (const part of location.hash.slice(1).split('&').filter(Boolean)) {
      const [key, ...rest] = part.split('=');
      if (!rest.length) state.at = key;
      else state[key] = decode(rest.join('='));
    }
    return state;
  };
  const decode = (text) => { try { return decodeURIComponent(text); } catch { return text; } };
  const write = (state) => {
    const parts = state.at ? [state.at] : [];
    for (const key of ['show', 'service', 'operation', 'test', 'q']) {
      if (state[key]) parts.push(`${key}=${encodeURIComponent(state[key])}`);
    }
    history.replaceState(null, '', parts.length ? `#${parts.join('&')}` : location.pathname + location.search);
  };
  let state = parse();

  const text_of = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  // Whoever searches finds them there.
  let read = 0;
  const read_texts = (idle) => {
    while (read < rows.length && idle.timeRemaining() > 0) facts_of(rows[read]) && text_of(rows[read++]);
    if (read < rows.length) requestIdleCallback(read_texts);
  };
  if (window.requestIdleCallback) requestIdleCallback(read_texts);
  // Asking the document for them, ten thousand times, is most of what a filter takes.
  const facts = new WeakMap();
  const facts_of = (row) => {
    if (!facts.has(row)) facts.set(row, { show: row.className, service: row.dataset.s, operation: row.dataset.o, test: row.dataset.t });
    return facts.get(row);
  };
  const KEYS = ['show', 'service', 'operation', 'test'];
  const fits = (row) =>
    KEYS.every((key) => !state[key] || facts_of(row)[key] === state[key]) &&
    (!state.q || text_of(row).includes(state.q.toLowerCase()));

  // Of the rows that fit those from `first` to `last` are shown; who comes to an end gets more.
  const STEP = 60;
  let fitting = [], first = 0, last = STEP;
  const button = (text, act) => {
    const own = document.createElement('button');
    Object.assign(own, { type: 'button', textContent: text });
    own.addEventListener('click', act);
    return own;
  };
  const before = button('Show earlier', () => { first = Math.max(0, first - STEP); show(); });
  const after = button('Show more', () => { last += STEP; show(); });
  list.before(before);
  list.after(after);
  new IntersectionObserver(([seen]) => { if (seen.isIntersecting) after.click(); }).observe(after);

  const show = () => {
    before.hidden = first === 0;
    after.hidden = last >= fitting.length;
    // What stays is left alone, as a row that is taken away loses the focus.
    const wanted = fitting.slice(first, last), stays = new Set(wanted);
    for (const row of Array.from(list.children)) if (!stays.has(row)) row.remove();
    let there = list.firstElementChild;
    for (const row of wanted) {
      if (row === there) there = there.nextElementSibling;
      else list.insertBefore(row, there);
    }
  };
  // Shows the row at that place of those that fit, too.
  const reach = (place) => {
    if (place < first || place >= last) [first, last] = [Math.max(0, place - STEP / 2), place + STEP / 2];
    show();
  };

  const filter = () => {
    fitting = rows.filter(fits);
    const count = fitting.length, linked = row_of(state.at);
    if (linked && !fits(linked)) fitting = rows.filter((row) => row === linked || fits(row));
    show();
    // Until here the style did it.
    list.classList.remove('all');
    told.textContent = count === rows.length ? `${count} requests` : `${count} of ${rows.length} requests`;
    for (const chip of document.querySelectorAll('.chips button')) {
      if (chip.dataset.own) chip.remove();
      else chip.setAttribute('aria-pressed', String(state[chip.dataset.key] === chip.dataset.value));
    }
    for (const key of ['operation', 'test']) if (state[key]) chips.append(own(key));
    if (search.value !== (state.q || '')) search.value = state.q || '';
  };
  const chips = document.querySelector('.chips');
  const own = (key) => {
    const chip = document.createElement('button');
    Object.assign(chip, { type: 'button', textContent: `${state[key]} ×` });
    Object.assign(chip.dataset, { key, value: state[key], own: '1' });
    chip.setAttribute('aria-pressed', 'true');
    return chip;
  };
  const choose = (key, value) => {
    state[key] = value;
    const linked = row_of(state.at);
    if (linked && !fits(linked)) delete state.at;
    [first, last] = [0, STEP];
    write(state);
    filter();
  };
  chips.addEventListener('click', (event) => {
    const chip = event.target.closest('button');
    if (!chip) return;
    const { key, value } = chip.dataset;
    choose(key, state[key] === value ? '' : value);
  });
  let typing;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => choose('q', search.value.trim()), 120);
  });

  const go = (row) => {
    const summary = row.querySelector('summary');
    summary.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
    state.at = row.id;
    write(state);
  };
  const arrive = () => {
    state = parse();
    [first, last] = [0, STEP];
    filter();
    const row = state.at && row_of(state.at);
    if (!row) return;
    reach(fitting.indexOf(row));
    row.firstElementChild.open = true;
    row.scrollIntoView();
    row.querySelector('summary').focus({ preventScroll: true });
  };
  addEventListener('hashchange', arrive);

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input, textarea')) {
      if (event.key === 'Escape') { event.target.blur(); event.preventDefault(); }
      return;
    }
    if (event.key === '/') { search.focus(); event.preventDefault(); }
    if (event.key !== 'j' && event.key !== 'k') return;
    // A browser that follows a link takes the focus away again.
    const focused = document.activeElement.closest('#list > li') || row_of(state.at);
    const place = focused ? fitting.indexOf(focused) + (event.key === 'j' ? 1 : -1) : 0;
    if (!fitting[place]) return;
    if (!fitting[place].isConnected) reach(place);
    go(fitting[place]);
  });

  // A request as it was sent, out of what is shown of it.
  const request = (row) => {
    const pre = row.querySelector('.q').cloneNode(true);
    for (const part of pre.querySelectorAll('ins, i')) part.remove();
    const [head, ...rest] = pre.textContent.split('\n\n');
    const [line, ...headers] = head.split('\n').filter(Boolean);
    const [method, target] = line.split(' ');
    const data = rest.join('\n\n').trim();
    const body = data ? JSON.parse(data) : undefined;
    const wanted = headers.map((line) => line.split(/: (.*)/s)).filter(([name]) => !/^(x-auth-token|x-mockstack-test|baggage)$/i.test(name));
    const token = headers.some((line) => /^x-auth-token:/i.test(line));
    const number = row.id, wrong = row.className === 'wrong', status = row.querySelector('.st').textContent;
    return { method, target, headers: wanted, token, body, compact: body && JSON.stringify(body), number, wrong, status,
      operation: row.dataset.o, version: row.querySelector('.v').textContent };
  };
  const shell = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const lines = (...parts) => parts.flat().filter((part) => part !== false && part !== undefined).join('\n') + '\n';
  const python = (value, depth = 1) => {
    if (value === null) return 'None';
    if (value === true) return 'True';
    if (value === false) return 'False';
    if (typeof value !== 'object') return JSON.stringify(value);
    const pad = '    '.repeat(depth + 1), end = '    '.repeat(depth);
    const parts = Array.isArray(value) ? value.map((item) => python(item, depth + 1))
      : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${python(item, depth + 1)}`);
    const [open, close] = Array.isArray(value) ? '[]' : '{}';
    const flat = open + parts.join(', ') + close;
    return flat.length < 80 && !flat.includes('\n') ? flat : `${open}\n${parts.map((part) => `${pad}${part},\n`).join('')}${end}${close}`;
  };
  const go_text = (text) => (text.includes('`') ? JSON.stringify(text) : `\`${text}\``);
  const case_of = (own) => {
    const query = own.target.split('?')[1];
    return JSON.stringify({ id: Number(own.number), op: own.operation, microversion: own.version || undefined, query, body: own.body });
  };
  const formats = {
    curl: (own) => lines(
      [`curl -i -X ${own.method} "$MOCKSTACK_URL"${shell(own.target)}`, own.token && '  -H "X-Auth-Token: $TOKEN"',
        ...own.headers.map(([name, value]) => `  -H ${shell(`${name}: ${value}`)}`), own.compact && `  -d ${shell(own.compact)}`]
        .filter(Boolean).join(' \\\n')),
    'contract check': (own) => own.operation && lines(case_of(own)),
    pytest: (own) => lines(
      'import os', '', '', `def test_request_${own.number}(openstack_cloud):`,
      own.body !== undefined && `    body = ${python(own.body)}`,
      '    session = openstack_cloud.connection().session',
      `    url = os.environ["MOCKSTACK_URL"] + ${JSON.stringify(own.target)}`,
      `    headers = ${python(Object.fromEntries(own.headers.filter(([name]) => !/^content-type$/i.test(name))))}`,
      `    answer = session.request(url, "${own.method}", ${own.body !== undefined ? 'json=body, ' : ''}headers=headers, authenticated=${own.token ? 'True' : 'False'}, raise_exc=False)`,
      own.wrong ? '    assert answer.status_code < 400, answer.text' : `    assert answer.status_code == ${own.status}, answer.text`),
    Go: (own) => lines(
      'package main', '', 'import (', '\t"net/http"', '\t"os"', own.compact && '\t"strings"', '\t"testing"', ')', '',
      `func TestRequest${own.number}(t *testing.T) {`,
      `\trequest, err := http.NewRequest("${own.method}", os.Getenv("MOCKSTACK_URL")+${JSON.stringify(own.target)}, ${own.compact ? `strings.NewReader(${go_text(own.compact)})` : 'nil'})`,
      '\tif err != nil {', '\t\tt.Fatal(err)', '\t}',
      own.token && '\trequest.Header.Set("X-Auth-Token", os.Getenv("TOKEN"))',
      own.headers.map(([name, value]) => `\trequest.Header.Set(${JSON.stringify(name)}, ${JSON.stringify(value)})`),
      '\tanswer, err := http.DefaultClient.Do(request)', '\tif err != nil {', '\t\tt.Fatal(err)', '\t}', '\tdefer answer.Body.Close()',
      `\tif answer.StatusCode ${own.wrong ? '>= 400' : `!= ${own.status}`} {`, '\t\tt.Fatal(answer.Status)', '\t}', '}'),
    Rust: (own) => own.operation && lines(
      '#[test]', `fn request_${own.number}() {`,
      '    let contracts = mockstack::contract::Contracts::embedded().unwrap();',
      `    let case = mockstack::base::json::from_str(r##"${case_of(own)}"##).unwrap();`,
      '    let verdict = mockstack::contract::judge_case(&contracts, &case).unwrap();',
      '    assert_eq!(verdict["valid"], true, "{verdict}");', '}'),
  };
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = document.createElement('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  };
  // Buttons are made when a request is opened.
  const prepare = (details) => {
    if (!details.open || details.querySelector('.copy')) return;
    const row = details.parentElement, bar = document.createElement('div');
    bar.className = 'copy';
    let own;
    try { own = request(row); } catch { return; }
    bar.append('Copy as');
    for (const [name, make] of Object.entries(formats)) {
      const text = make(own);
      if (!text) continue;
      const button = document.createElement('button');
      Object.assign(button, { type: 'button', textContent: name });
      button.addEventListener('click', async () => {
        await copy(text);
        button.textContent = 'copied';
        setTimeout(() => { button.textContent = name; }, 1200);
      });
      button.dataset.text = text;
      bar.append(button);
    }
    details.append(bar);
  };
  list.addEventListener('toggle', (event) => prepare(event.target), true);
  document.querySelectorAll('.requests details[open]').forEach(prepare);
  addEventListener('beforeprint', () => { [first, last] = [0, Infinity]; show(); document.querySelectorAll('.more details').forEach((own) => { own.open = true; }); });

  // The live page: the server tells what is new, while somebody looks.
  const live = () => {
    const MOST = 2000;
    let seen = Number(document.body.dataset.live), source;
    // The page of a project asks for that project.
    const address = (route, more) => `${route}?${new URLSearchParams([...new URLSearchParams(location.search), ...Object.entries(more)])}`;
    document.getElementById('covered').search = location.search;
    const ask = async (method, route, { body, ...more } = {}) => {
      const answer = await fetch(address(route, more), { method, body });
      if (!answer.ok) throw new Error((await answer.json()).error.message);
      return answer.status === 204 ? undefined : answer.json();
    };
    const tell = (text) => { $('told').textContent = text; };
    const element = (name, text, ...parts) => {
      const own = document.createElement(name);
      own.textContent = text;
      own.append(...parts);
      return own;
    };
    const act = async (work) => {
      try { await work(); tell('done'); } catch (error) { tell(error.message); }
    };
    const state_of = (state) => {
      const names = ['servers', 'ports', 'volumes', 'networks', 'images', 'floatingips', 'snapshots', 'keypairs'];
      const boxes = names.filter((name) => state[name]?.count).map((name) => {
        const { count, first } = state[name];
        const items = first.map((one) => element('li', [one.name || one.id, one.status].filter(Boolean).join(': ')));
        if (count > first.length) items.push(element('li', `${count - first.length} more`));
        return element('div', '', element('b', `${name}: ${count}`), element('ul', '', ...items));
      });
      $('state').className = 'state';
      $('state').replaceChildren(...boxes);
    };
    const faults_of = (faults) => {
      const row = (fault) => {
        const end = element('button', 'End');
        end.type = 'button';
        end.addEventListener('click', () => act(() => ask('DELETE', 'faults', { id: fault.id })));
        const text = `${fault.name} at ${fault.operation}, happened ${fault.times} times${fault.over ? ', is over' : ''} `;
        return element('li', text, ...(fault.over ? [] : [end]));
      };
      $('faults').replaceChildren(faults.length ? element('ul', '', ...faults.map(row)) : element('p', 'none'));
    };
    const choices = ({ named }) => {
      const option = (fault) => Object.assign(element('option', `${fault.fault}: ${fault.summary}`), { value: fault.fault });
      $('fault-name').replaceChildren(...named.map(option));
      const usual = () => { $('fault-operation').placeholder = named.find((fault) => fault.fault === $('fault-name').value).operation; };
      $('fault-name').addEventListener('change', usual);
      usual();
    };
    const verdict_of = (verdict) => {
      const opened = Array.from(document.querySelectorAll('#verdict details')).map((own) => own.open);
      $('verdict').outerHTML = verdict;
      document.querySelectorAll('#verdict details').forEach((own, at) => { if (opened[at] !== undefined) own.open = opened[at]; });
      document.title = `mockstack: ${document.querySelector('h1').textContent}`;
      const asked = Array.from(document.querySelectorAll('#verdict td a[href^="#operation"]'), (own) => own.textContent);
      $('operations').replaceChildren(...asked.map((name) => Object.assign(element('option', ''), { value: name })));
    };
    // The newest is on top.
    const rows_of = (html) => {
      if (!html) return;
      const added = document.createElement('template');
      added.innerHTML = html;
      rows.unshift(...Array.from(added.content.children).reverse());
      rows.splice(MOST);
      count_chips();
      filter();
    };
    const count_chips = () => {
      const counts = {};
      for (const row of rows) for (const name of [`show=${row.className}`, `service=${row.dataset.s}`]) counts[name] = (counts[name] || 0) + 1;
      for (const name of Object.keys(counts).filter((name) => !name.endsWith('='))) {
        const [key, value] = name.split('=');
        let chip = chips.querySelector(`[data-key="${key}"][data-value="${value}"]`);
        if (!chip) {
          chip = element('button', `${value} `, element('span', ''));
          chip.type = 'button';
          Object.assign(chip.dataset, { key, value });
          chips.append(chip);
        }
        chip.lastElementChild.textContent = counts[name];
      }
    };
    const listen = () => {
      source = new EventSource(address('events', { after: seen }));
      source.addEventListener('message', (event) => {
        const [{ verdict, rows }, { state, faults }] = JSON.parse(event.data);
        seen = Number(event.lastEventId);
        rows_of(rows);
        verdict_of(verdict);
        state_of(state);
        faults_of(faults);
      });
      source.addEventListener('error', () => tell('the server does not answer'));
      source.addEventListener('open', () => tell(''));
      source.addEventListener('end', () => {
        source.close();
        source = undefined;
        tell('the run has ended');
      });
    };
    $('reset').addEventListener('click', () => act(() => ask('POST', 'reset')));
    $('fault').addEventListener('submit', (event) => {
      event.preventDefault();
      const operation = $('fault-operation').value.trim() || undefined;
      act(() => ask('POST', 'faults', { body: JSON.stringify({ fault: $('fault-name').value, operation }) }));
    });
    // A browser has few connections to a server: who does not look needs none.
    document.addEventListener('visibilitychange', () => {
      if (!source) return;
      if (document.hidden) source.close();
      else listen();
    });
    rows.reverse();
    filter();
    listen();
    ask('GET', 'faults').then(choices, (error) => tell(error.message));
  };

  if (document.body.dataset.live !== undefined) live();
  arrive();
})();

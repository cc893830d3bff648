// Filters, draws and hands out tables. It makes no number: each is in the page already.
const data = JSON.parse(document.getElementById('data').textContent);
const channel = document.getElementById('channel');
const campaign = document.getElementById('campaign');
const views = new Map();

const chosen = () => ({ channel: channel?.value ?? '', campaign: campaign?.value ?? '' });

// Whether a row passes: in a table without campaigns it stands for its channel; an empty one stands
// for others together.
function passes(choice, rowChannel, rowCampaign) {
  if (choice.campaign && rowCampaign != null) return rowCampaign === choice.campaign;
  const wanted = choice.campaign ? channelOf(choice.campaign) : choice.channel;
  return !wanted || rowChannel == null || rowChannel === wanted;
}

function channelOf(id) {
  return [...campaign.options].find((option) => option.value === id)?.dataset.channel ?? '';
}

function rowsOf(chart, choice) {
  return chart.rows.filter((row) => passes(
    choice, chart.channel ? row[chart.channel] : null,
    chart.campaign ? row[chart.campaign] ?? '' : null));
}

function showFigures(choice) {
  const key = choice.campaign ? `campaign:${choice.campaign}`
    : choice.channel ? `channel:${choice.channel}` : 'all';
  for (const figure of data.figures[key] ?? []) {
    const card = document.querySelector(`[data-figure="${figure.name}"]`);
    card.className = `figure ${figure.tone}`;
    card.dataset.value = figure.raw;
    card.dataset.before = figure.rawBefore;
    for (const part of card.querySelectorAll('[data-part]')) {
      part.textContent = figure[part.dataset.part].replaceAll(' %', '\u00a0%');
    }
  }
}

function showRows(choice) {
  const all = !choice.channel && !choice.campaign;
  for (const one of document.querySelectorAll('tbody tr, ul.findings li')) {
    const isOfAll = 'ofAll' in one.dataset;
    one.hidden = isOfAll ? !all : !passes(choice, one.dataset.channel, one.dataset.campaign);
  }
  for (const section of document.querySelectorAll('[data-section]')) {
    const isSplit = section.querySelector('tr[data-channel]') !== null;
    section.querySelector('.unsplit').hidden = all || isSplit;
  }
}

function showCharts(choice) {
  for (const [name, view] of views) {
    const rows = rowsOf(data.charts[name], choice);
    const figure = document.querySelector(`[data-chart="${name}"]`);
    figure.querySelector('.empty').hidden = rows.length > 0;
    figure.querySelector('.canvas').hidden = rows.length === 0;
    if (rows.length) view.data('rows', rows).resize().runAsync();
  }
}

function say(choice) {
  const option = (select) => select.options[select.selectedIndex].text;
  const told = choice.campaign ? option(campaign) : choice.channel ? option(channel) : '';
  document.getElementById('shown').textContent = told ? `Showing ${told}.` : '';
}

function show() {
  const choice = chosen();
  showFigures(choice);
  showRows(choice);
  showCharts(choice);
  say(choice);
}

function offerCampaigns() {
  for (const option of campaign?.options ?? []) {
    option.hidden = Boolean(channel.value && option.value && option.dataset.channel !== channel.value);
    if (option.hidden && option.selected) campaign.value = '';
  }
}

// A text that a spreadsheet would take for a formula gets a quote before it; a number is none.
// Some take the wide signs of East Asian keyboards for the others.
function csvCell(cell) {
  const isNumber = cell.classList.contains('number') && cell.dataset.value !== undefined;
  let text = isNumber ? cell.dataset.value : cell.dataset.value ?? cell.textContent.trim();
  if (!isNumber && /^[=+\-@\t\r\n＝＋－＠]/.test(text)) text = `'${text}`;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function linesOf(table, cellOf) {
  return [...table.rows].filter((row) => !row.hidden)
    .map((row) => [...row.cells].map(cellOf));
}

function csv(table) {
  return `${linesOf(table, csvCell).map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function download(table) {
  const link = document.createElement('a');
  // With a mark of its encoding: without, Excel takes it for the machine's own.
  link.href = URL.createObjectURL(new Blob(['\ufeff', csv(table)], { type: 'text/csv' }));
  link.download = `${table.dataset.query}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
  return 'Downloaded.';
}

// Tabs between cells: what is pasted into a spreadsheet falls into its columns.
async function copy(table) {
  const cell = (one) => csvCell(one).replaceAll('\t', ' ');
  const text = linesOf(table, cell).map((line) => line.join('\t')).join('\n');
  try {
    await navigator.clipboard.writeText(text);
    return 'Copied.';
  } catch {
    getSelection().selectAllChildren(table);
    return document.execCommand('copy') ? 'Copied.' : 'Selected: copy it with the keyboard.';
  }
}

async function hand(event) {
  const table = event.target.closest('details').querySelector('table');
  const done = event.target.dataset.do === 'csv' ? download(table) : await copy(table);
  event.target.parentElement.querySelector('[role=status]').textContent = done;
}

// A definition stands in a closed part, which opens for who follows its link.
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let part = target; part; part = part.parentElement) {
    if (part.tagName === 'DETAILS') part.open = true;
  }
  target?.scrollIntoView();
}

async function draw() {
  for (const [name, chart] of Object.entries(data.charts)) {
    const figure = document.querySelector(`[data-chart="${name}"]`);
    figure.hidden = false;
    const spec = structuredClone(chart.spec);
    spec.data.find((one) => one.name === 'rows').values = rowsOf(chart, chosen());
    // ast: its own interpreter of expressions, as the policy forbids eval.
    const options = {
      mode: 'vega', actions: false, ast: true, defaultStyle: false, renderer: 'svg',
      tooltip: { disableDefaultStyle: true },
    };
    const drawn = await window.vegaEmbed(figure.querySelector('.canvas'), spec, options);
    views.set(name, drawn.view);
  }
}

if (channel) {
  document.getElementById('filter').hidden = false;
  channel.addEventListener('change', () => { offerCampaigns(); show(); });
  campaign?.addEventListener('change', show);
  document.getElementById('reset').addEventListener('click', () => {
    channel.value = '';
    if (campaign) campaign.value = '';
    offerCampaigns();
    show();
  });
}
for (const tools of document.querySelectorAll('.tools')) {
  tools.hidden = false;
  tools.addEventListener('click', (event) => event.target.dataset.do && hand(event));
}
addEventListener('hashchange', openTarget);
if (location.hash) openTarget();
if (window.vegaEmbed) await draw();
document.documentElement.dataset.ready = '';

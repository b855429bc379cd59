// Each control that needs a script is put in by it; the pages work without. Texts come from data attributes.

for (const wrapper of document.querySelectorAll('[data-show]')) showPassword(wrapper);
for (const wrapper of document.querySelectorAll('[data-copy]')) copy(wrapper);
for (const place of document.querySelectorAll('[data-print]')) print(place);
for (const line of document.querySelectorAll('[data-countdown]')) countdown(line);
for (const form of document.querySelectorAll('[data-go-on]')) form.requestSubmit();

function button(text) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'button plain small';
  made.textContent = text;
  return made;
}

function print(place) {
  const press = button(place.dataset.print);
  press.addEventListener('click', () => window.print());
  place.append(press);
}

function showPassword(wrapper) {
  const { show, showLabel, hide, hideLabel } = wrapper.dataset;
  const input = wrapper.querySelector('input');
  const toggle = button(show);
  const set = (visible) => {
    input.type = visible ? 'text' : 'password';
    toggle.textContent = visible ? hide : show;
    toggle.setAttribute('aria-label', visible ? hideLabel : showLabel);
  };
  set(false);
  toggle.setAttribute('aria-controls', input.id);
  toggle.addEventListener('click', () => set(input.type === 'password'));
  // A browser keeps what was typed into a text field for suggestions: it must be a password again when it is sent.
  input.form.addEventListener('submit', () => set(false));
  wrapper.append(toggle);
}

function copy(wrapper) {
  if (!navigator.clipboard) return;
  const { copy: value, copyLabel, copied } = wrapper.dataset;
  const control = button(copyLabel);
  const status = document.createElement('span');
  status.setAttribute('role', 'status');
  control.addEventListener('click', async () => {
    await navigator.clipboard.writeText(value);
    status.textContent = copied;
  });
  wrapper.append(control, status);
}

// Not a live region: a screen reader is not interrupted every second.
function countdown(line) {
  const end = Date.now() + Number(line.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left <= 0) {
      line.remove();
      clearInterval(timer);
      return;
    }
    const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
    line.textContent = line.dataset.countdownText.replace('{time}', time);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

/** The village on one page: whether the money is whole, each process with its link, what to try, what just happened. */
import { useEffect } from 'preact/hooks';
import type { VillageProcess, VillageState } from '../../main/village/schemas.ts';
import { Brand, Icon } from '../shared/icon.tsx';
import { LanguageButton } from '../shared/language-button.tsx';
import { Note } from '../shared/note.tsx';
import { ToastHost } from '../shared/toast.tsx';
import { reach, setLink, setRain, village, villageNow } from './state.ts';
import { Happened } from './widgets/happened.tsx';
import { Process } from './widgets/process.tsx';
import { TryList } from './widgets/try-list.tsx';
import { WholeMoney } from './widgets/whole-money.tsx';
import { Wire } from './widgets/wire.tsx';
import { v } from './words.ts';

const gatewaysOf = (state: VillageState): readonly VillageProcess[] => state.processes.filter(({ kind }) => kind === 'gateway');

const allUp = (state: VillageState): void => {
  for (const { id, link } of gatewaysOf(state)) if (link !== undefined && link.state !== 'up') void setLink(id, 'up');
};

const Bar = () => {
  const state = village.value;
  const isRaining = state?.rain === true;
  return (
    <header class="vbar">
      <Brand />
      <div class="vbar__t">
        <h1>{v('title')}</h1>
        <p>{v('sub')}</p>
      </div>
      {state === undefined ? null : (
        <>
          <button type="button" class="obtn" onClick={() => allUp(state)}>
            <Icon name="satellite" />
            {v('all-up')}
          </button>
          <button
            type="button"
            class={isRaining ? 'obtn' : 'obtn obtn--p'}
            aria-pressed={isRaining}
            onClick={() => void setRain(!isRaining)}
          >
            <Icon name="droplet" />
            {v(isRaining ? 'rain.off' : 'rain.on')}
          </button>
        </>
      )}
      <LanguageButton />
    </header>
  );
};

const Password = ({ text }: { readonly text: string }) =>
  text === '' ? null : (
    <p class="proc__p">
      {v('open.password')} <code>{text}</code>
    </p>
  );

const Topology = ({ state, nowMs }: { readonly state: VillageState; readonly nowMs: number }) => {
  const central = state.processes.find(({ kind }) => kind === 'central');
  const broker = state.processes.find(({ kind }) => kind === 'broker');
  return (
    <section class="topo" aria-labelledby="topo-title">
      <h2 id="topo-title" class="vh">
        {v('procs.label')}
      </h2>
      {central === undefined ? null : <Process process={central} nowMs={nowMs} extra={<Password text={state.officePassword} />} />}
      {broker === undefined ? null : <Process process={broker} nowMs={nowMs} />}
      <div class="topo__boxes">
        {gatewaysOf(state).map((process) => (
          <div key={process.id} class="topo__box">
            <Wire process={process} nowMs={nowMs} />
            <Process process={process} nowMs={nowMs} />
          </div>
        ))}
      </div>
    </section>
  );
};

export const VillagePage = () => {
  const state = village.value;
  const nowMs = villageNow();
  const title = `Chautari · ${v('title')}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div class="village desk">
      <Bar />
      <main class="vmain">
        <div role="status">
          {reach.value === 'no' ? <Note kind="calm">{v('away')}</Note> : null}
          {reach.value === 'asking' ? <p class="vh">{v('asking')}</p> : null}
        </div>
        {state === undefined ? null : (
          <>
            <WholeMoney money={state.money} nowMs={nowMs} />
            <div class="vgrid">
              <Topology state={state} nowMs={nowMs} />
              <aside class="vside">
                <TryList state={state} />
                <Happened log={state.log} />
              </aside>
            </div>
          </>
        )}
      </main>
      <ToastHost />
    </div>
  );
};

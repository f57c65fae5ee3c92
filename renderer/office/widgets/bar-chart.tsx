/** Sales by hour as bars; one sentence is the picture's name, and the same figures stand as a table behind a button. */
import { useState } from 'preact/hooks';
import { Amount } from '../../shared/amount.tsx';
import { digits, language } from '../../shared/i18n.ts';
import { Icon } from '../../shared/icon.tsx';
import { amountText, formatCount } from '../../shared/money.ts';
import { type Hour, scaleOf } from '../hours.ts';
import { m } from '../words-more.ts';

const WIDTH = 596;
const HEIGHT = 190;
const LEFT = 48;
const two = (hour: number): string => digits(String(hour).padStart(2, '0'));

const Bars = ({ hours, currency }: { readonly hours: readonly Hour[]; readonly currency: string }) => {
  const most = hours.reduce((best, hour) => (hour.amount > best.amount ? hour : best), hours[0] as Hour);
  const { step, top } = scaleOf(most.amount);
  const up = (amount: bigint): number => Number(((amount < 0n ? 0n : amount) * BigInt(HEIGHT)) / top);
  const lines = Array.from({ length: Number(top / step) + 1 }, (_, line) => BigInt(line) * step);
  const slot = (WIDTH - LEFT) / hours.length;
  const width = Math.min(34, slot * 0.62);
  const name = m('chart.name', { hour: two(most.hour), amount: amountText(most.amount, language.value, { currency, show: 'whole' }) });
  return (
    <svg class="chart" viewBox={`0 -12 ${WIDTH} ${HEIGHT + 38}`} role="img" aria-label={name}>
      {lines.map((line) => (
        <g key={String(line)}>
          <line class="grid" x1={LEFT} x2={WIDTH} y1={HEIGHT - up(line) + 0.5} y2={HEIGHT - up(line) + 0.5} />
          <text x={LEFT - 8} y={HEIGHT - up(line) + 4} text-anchor="end">
            {line === 0n ? formatCount(0, language.value) : `${formatCount(line / 100_000n, language.value)}${m('chart.k')}`}
          </text>
        </g>
      ))}
      {hours.map((hour, index) => {
        const x = LEFT + slot * index + (slot - width) / 2;
        const height = up(hour.amount);
        return (
          <g key={hour.hour}>
            <rect class="b-sure" x={x} y={HEIGHT - height} width={width} height={height} rx={Math.min(3, height / 2)} />
            <text x={x + width / 2} y={HEIGHT + 20} text-anchor="middle">
              {two(hour.hour)}
            </text>
          </g>
        );
      })}
    </svg>
  );
};

const HourTable = ({ hours }: { readonly hours: readonly Hour[] }) => (
  <div class="chart__t">
    <table class="ot">
      <thead>
        <tr>
          <th scope="col">{m('chart.hour')}</th>
          <th scope="col" class="r">
            {m('chart.sales')}
          </th>
        </tr>
      </thead>
      <tbody>
        {hours.map(({ hour, amount }) => (
          <tr key={hour}>
            <th scope="row" class="n">
              {two(hour)}:{digits('00')}
            </th>
            <td class="r">
              <Amount value={amount} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

type BarChartProps = { readonly hours: readonly Hour[]; readonly currency: string; readonly note: string };

export const BarChart = ({ hours, currency, note }: BarChartProps) => {
  const [isTable, setTable] = useState(false);
  if (hours.length === 0) return <p class="state">{m('chart.none')}</p>;
  return (
    <>
      {isTable ? <HourTable hours={hours} /> : <Bars hours={hours} currency={currency} />}
      <div class="chart__f">
        <small>{note}</small>
        <button type="button" class="obtn obtn--quiet" onClick={() => setTable(!isTable)}>
          <Icon name={isTable ? 'grid' : 'list'} />
          {m(isTable ? 'chart.picture' : 'chart.table')}
        </button>
      </div>
    </>
  );
};

/** The camera, where the browser reads codes itself; elsewhere nothing is shown and the voucher is typed. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../shared/icon.tsx';
import { isComplete, readVoucher } from './voucher.ts';
import { t } from './words.ts';

type Detector = { detect(source: HTMLVideoElement): Promise<readonly { rawValue: string }[]> };
type DetectorMaker = new (options: { formats: readonly string[] }) => Detector;

const LOOK_MS = 200;

export const makerOf = (world: object): DetectorMaker | undefined => (world as { BarcodeDetector?: DetectorMaker }).BarcodeDetector;

export const hasCamera = (): boolean => makerOf(globalThis) !== undefined && navigator.mediaDevices?.getUserMedia !== undefined;

export const Camera = ({ onRead }: { readonly onRead: (voucher: string) => void }) => {
  const [isOn, setOn] = useState(false);
  const [isRefused, setRefused] = useState(false);
  const video = useRef<HTMLVideoElement>(null);

  useEffect(() => {
    const Maker = makerOf(globalThis);
    if (!isOn || Maker === undefined) return;
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const look = async (detector: Detector): Promise<void> => {
      const view = video.current;
      if (isGone || view === null) return;
      const codes = await detector.detect(view).catch(() => []);
      const found = codes.map(({ rawValue }) => readVoucher(rawValue)).find(({ text, strange }) => strange === 0 && isComplete(text));
      if (isGone) return;
      if (found === undefined) timer = setTimeout(() => void look(detector), LOOK_MS);
      else {
        setOn(false);
        onRead(found.text);
      }
    };
    const start = async (): Promise<void> => {
      try {
        stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
        const view = video.current;
        if (isGone || view === null) return;
        view.srcObject = stream;
        await view.play();
        await look(new Maker({ formats: ['qr_code', 'code_128'] }));
      } catch {
        setRefused(true);
        setOn(false);
      }
    };
    void start();
    return () => {
      isGone = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [isOn]);

  if (!hasCamera()) return null;
  return (
    <div class="camera">
      {isOn ? <video class="camera__v" ref={video} muted playsInline aria-label={t('camera.view')} /> : null}
      <button type="button" class="btn" onClick={() => setOn(!isOn)}>
        <Icon name="camera" />
        {t(isOn ? 'camera.stop' : 'camera.show')}
      </button>
      <p class="camera__no" role="status">
        {isRefused ? t('camera.no') : ''}
      </p>
    </div>
  );
};

/** A text as a QR code: always dark on white, with its quiet zone, whatever the theme. */
import encodeQR from 'qr';

export const Qr = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const size = rows.length;
  const dark = rows.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges">
      <rect width={size} height={size} class="qr__paper" />
      <path d={dark.join('')} class="qr__ink" />
    </svg>
  );
};

import stringWidth from 'string-width';

/** A column and how its cells stand. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A table of aligned columns, without borders so that it survives a log. One line per row. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) =>
    Math.max(...lines.map((cells) => stringWidth(cells[index] ?? ''))),
  );
  return lines.map((cells) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const blanks = ' '.repeat((widths[index] ?? 0) - stringWidth(cell));
        return align === 'left' ? cell + blanks : blanks + cell;
      })
      .join(' ')
      .trimEnd(),
  );
}

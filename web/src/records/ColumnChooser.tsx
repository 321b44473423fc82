/** The menu that shows and hides columns. The first column always stays. */
import { Columns3 } from "lucide-react";
import { IconButton } from "@/ui/Button";
import { isColumnShown, type Column } from "@/ui/DataTable";
import { Menu, MenuChoice, MenuLabel } from "@/ui/Menu";

interface ColumnChooserProps<Row> { columns: readonly Column<Row>[]; hidden: Readonly<Record<string, boolean>>; /** Of the table: narrow ones leave columns out. */ width: number; onChange: (column: string, shown: boolean) => void }

export function ColumnChooser<Row>({ columns, hidden, width, onChange }: ColumnChooserProps<Row>) {
  return (
    <Menu trigger={<IconButton label="Columns" look="plain"><Columns3 aria-hidden /></IconButton>}>
      <MenuLabel>Columns</MenuLabel>
      {columns.slice(1).map((column) => (
        <MenuChoice key={column.id} checked={isColumnShown(column, hidden, width)} onChange={(shown) => onChange(column.id, shown)}>{column.name ?? column.header}</MenuChoice>
      ))}
    </Menu>
  );
}

/** The left navigation, and the same as a drawer on narrow screens. */
import { Link } from "@tanstack/react-router";
import { Dialog } from "radix-ui";
import { useMe } from "@/api/session";
import { useReturnFocus } from "@/ui/returnFocus";
import { Tip } from "@/ui/Tip";
import { destinations, type Destination } from "./destinations";
import { Logo } from "./Logo";

const GROUPS = [["automation", "Automation"], ["records", "Records"], ["account", "Account"]] as const;

export function Navigation() {
  return (
    <aside aria-label="Sidebar" className="hidden w-52 shrink-0 flex-col bg-paper px-2.5 py-3.5 lg:flex">
      <Brand />
      <Places />
    </aside>
  );
}

export function NavigationDrawer({ open, onClose }: { open: boolean; onClose: () => void }) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => { if (!next) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim lg:hidden" />
        <Dialog.Content aria-describedby={undefined} onCloseAutoFocus={returnFocus} className="fixed inset-y-0 left-0 z-50 w-68 bg-paper p-3 shadow-pop lg:hidden">
          <Dialog.Title className="sr-only">Navigation</Dialog.Title>
          <Brand />
          <Places onGo={onClose} roomy />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Brand() {
  const { tenant } = useMe();
  return (
    <div className="flex items-center gap-2.5 px-1.5 py-0.5">
      <Logo className="size-7 shrink-0" />
      <div className="min-w-0 leading-tight">
        <p className="truncate font-semibold tracking-tight">{tenant.name}</p>
        <p className="text-xs text-ink-faint">Cuework</p>
      </div>
    </div>
  );
}

function Places({ onGo, roomy = false }: { onGo?: () => void; roomy?: boolean }) {
  return (
    <nav aria-label="Main" className="mt-5 flex flex-col gap-4">
      {GROUPS.map(([group, name]) => (
        <div key={group}>
          <p className="px-2 pb-1 text-xs text-ink-faint">{name}</p>
          <ul className="flex flex-col gap-px">
            {destinations.filter((each) => each.group === group).map((place) => (
              <li key={place.to}><Place place={place} roomy={roomy} {...(onGo ? { onGo } : {})} /></li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Place({ place, onGo, roomy }: { place: Destination; onGo?: () => void; roomy: boolean }) {
  const Icon = place.icon;
  const link = (
    <Link to={place.to} {...(onGo ? { onClick: onGo } : {})} activeOptions={{ includeSearch: false }}
      className={`flex items-center gap-2.5 rounded-md px-2 text-ink-soft hover:bg-hover hover:text-ink [&_svg]:text-ink-faint ${roomy ? "h-10 text-lg" : "h-7.5"}`}
      activeProps={{ className: "bg-pressed !text-ink font-medium [&_svg]:!text-accent", "aria-current": "page" }}>
      <Icon aria-hidden className="size-4" strokeWidth={1.9} />{place.label}
    </Link>
  );
  return roomy ? link : <Tip text={place.label} shortcut={`g ${place.key}`} side="right">{link}</Tip>;
}

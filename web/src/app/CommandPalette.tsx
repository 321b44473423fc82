/** Ctrl K: go anywhere, find any record. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { CircleDollarSign, FileText, Search, type LucideIcon } from "lucide-react";
import { Dialog } from "radix-ui";
import { useDeferredValue, useState } from "react";
import { messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { SearchHit } from "@/api/types";
import { Kbd } from "@/ui/Kbd";
import { useReturnFocus } from "@/ui/returnFocus";
import { destinations } from "./destinations";
import { addressOf } from "./links";

const ICONS: Record<string, LucideIcon> = { ...Object.fromEntries(destinations.map((each) => [each.label.toLowerCase().replace(/ies$/, "y").replace(/s$/, ""), each.icon])), deal: CircleDollarSign };

export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => { if (!next) onClose(); }}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content aria-describedby={undefined} onCloseAutoFocus={returnFocus} className="fixed inset-x-2 top-[8vh] z-50 mx-auto max-w-xl animate-enter overflow-hidden rounded-xl bg-raised shadow-pop sm:top-[14vh]">
          <Dialog.Title className="sr-only">Search everything</Dialog.Title>
          <Palette onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["/search", words],
    queryFn: async ({ signal }) => (await api.get<{ items: SearchHit[] }>("/search", { q: words }, signal)).items,
    enabled: words.length >= 2,
    placeholderData: keepPreviousData,
  });
  const go = (href: string) => { onClose(); void navigate({ href }); };
  const places = destinations.filter((each) => each.label.toLowerCase().includes(words.toLowerCase()));
  const hits = words.length >= 2 ? found.data ?? [] : [];
  // What arrives later goes on top and is what Enter takes; what one walked to stays chosen among the same ones.
  const values = [...hits.map(keyOf), ...places.map((place) => place.to)];
  const [walked, setWalked] = useState<{ to: string; among: unknown }>();
  const chosen = walked && walked.among === found.data && values.includes(walked.to) ? walked.to : values[0] ?? "";
  return (
    <Command label="Search everything" shouldFilter={false} loop value={chosen} onValueChange={(to) => setWalked({ to, among: found.data })}>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 text-ink-faint" />
        <Command.Input autoFocus value={typed} onValueChange={setTyped} placeholder="Search records and workflows, or go to a page…" className="h-12 min-w-0 flex-1 bg-transparent text-lg text-ellipsis outline-none" />
        <Kbd keys="Esc" />
      </div>
      <Command.List className="max-h-[50vh] overflow-y-auto p-1.5 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-faint">
        <Command.Empty className="px-3 py-8 text-center text-ink-soft">
          {found.isFetching ? "Searching…" : found.error ? messageOf(found.error) : words.length < 2 ? "Type at least two letters." : <>Nothing is called “{words}”. Try a name, an email address or a domain.</>}
        </Command.Empty>
        {hits.length > 0 && (
          <Command.Group heading="Found">
            {hits.map((hit) => {
              const href = addressOf(hit.type, hit.id);
              return <Item key={keyOf(hit)} icon={ICONS[hit.type] ?? FileText} value={keyOf(hit)} title={hit.title} detail={hit.subtitle ?? hit.type} onTake={() => { if (href) go(href); }} />;
            })}
          </Command.Group>
        )}
        {places.length > 0 && (
          <Command.Group heading="Go to">
            {places.map((place) => <Item key={place.to} icon={place.icon} value={place.to} title={place.label} keys={`g ${place.key}`} onTake={() => go(place.to)} />)}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}

function keyOf(hit: SearchHit): string {
  return hit.type + hit.id;
}

interface ItemProps { icon: LucideIcon; value: string; title: string; detail?: string; keys?: string; onTake: () => void }

function Item({ icon: Icon, value, title, detail, keys, onTake }: ItemProps) {
  return (
    <Command.Item value={value} onSelect={onTake} className="flex cursor-default items-center gap-3 rounded-md px-2.5 py-2 data-[selected=true]:bg-hover">
      <Icon aria-hidden className="size-4 text-ink-faint" />
      <span className="min-w-0 truncate">{title}</span>
      {detail && <span className="min-w-0 flex-1 truncate text-ink-faint">{detail}</span>}
      {keys && <span className="ml-auto max-sm:hidden"><Kbd keys={keys} /></span>}
    </Command.Item>
  );
}

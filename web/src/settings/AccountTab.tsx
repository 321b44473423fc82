/** The account: its name, currency and zone. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/request";
import { meQuery, useMay } from "@/api/session";
import { queryClient } from "@/api/client";
import type { Tenant } from "@/api/types";
import { Button } from "@/ui/Button";
import { Fact, Facts, Section } from "@/ui/Facts";
import { Failure, SkeletonRows } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { AccountDialog } from "./AccountDialog";

export function AccountTab() {
  const tenant = useQuery({ queryKey: ["/tenant"], queryFn: ({ signal }) => api.get<Tenant>("/tenant", undefined, signal) });
  const may = useMay("admin");
  const [editing, setEditing] = useState(false);
  if (tenant.error) return <Failure error={tenant.error} onRetry={() => void tenant.refetch()} />;
  if (tenant.isPending) return <SkeletonRows rows={3} />;
  const done = () => {
    showDone("Saved.");
    void queryClient.invalidateQueries({ queryKey: ["/tenant"] });
    void queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  };
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-4xl px-4 py-5 sm:px-6">
        <Section title="Account" action={may && <Button size="sm" onClick={() => setEditing(true)}>Edit</Button>}>
          <Facts>
            <Fact name="Name">{tenant.data.name}</Fact>
            <Fact name="Currency">{tenant.data.currency}</Fact>
            <Fact name="Time zone">{tenant.data.timezone}</Fact>
          </Facts>
        </Section>
        <p className="mt-3 text-sm text-ink-faint">Money without a currency is read in this one. Waits use the contact's zone where it is known, else this one.</p>
      </div>
      {editing && <AccountDialog tenant={tenant.data} onDone={done} onClose={() => setEditing(false)} />}
    </div>
  );
}

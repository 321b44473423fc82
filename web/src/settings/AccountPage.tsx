/** The account: its name, currency and zone. */
import { useMe } from "@/api/session";
import { Fact, Facts } from "@/ui/Facts";
import { Page } from "@/ui/Page";

export function AccountPage() {
  const { tenant } = useMe();
  return (
    <Page title="Settings" narrow>
      <Facts><Fact name="Name">{tenant.name}</Fact><Fact name="Currency">{tenant.currency}</Fact><Fact name="Zone">{tenant.timezone}</Fact></Facts>
    </Page>
  );
}

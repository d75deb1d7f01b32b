import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MessageBody } from "../../../shared/contract/mail.ts";
import { Banner } from "../parts/banner.tsx";

/** One calm bar that names what a message passes itself off as. */
export function Tricks({ tricks }: Pick<MessageBody, "tricks">): ReactNode {
  const { t } = useTranslation("tricks");
  const [first, ...others] = tricks;
  if (first === undefined) return null;
  return (
    <div className="body-notes">
      <Banner tone="warn" slim={others.length === 0} icon={ShieldAlert} head={<bdi>{t(first.kind, first)}</bdi>}>
        {others.length > 0 && (
          <ul className="other-tricks">
            {others.map((trick) => (
              <li key={JSON.stringify(trick)}>
                <bdi>{t(trick.kind, trick)}</bdi>
              </li>
            ))}
          </ul>
        )}
      </Banner>
    </div>
  );
}

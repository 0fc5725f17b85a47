# Prints about BYTES of policies such as services have: scopes of all kinds, conditions of several lines, comments, annotations.
# usage: awk -v BYTES=10000000 -f policies.awk
BEGIN {
	size = 0
	for (i = 0; size < BYTES; i++) {
		team = "team-" (i % 97)
		text = sprintf("// Rule %d: members of %s work on their own documents.\n", i, team)
		text = text sprintf("@id(\"rule-%d\")\n@advice(\"ask the owner of %s\")\n", i, team)
		text = text sprintf("%s (\n  principal in Acme::Group::\"%s\",\n", i % 11 == 0 ? "forbid" : "permit", team)
		if (i % 3 == 0) text = text sprintf("  action in [Acme::Action::\"view\", Acme::Action::\"comment\", Acme::Action::\"share\"],\n")
		else text = text sprintf("  action == Acme::Action::\"%s\",\n", i % 2 ? "edit" : "delete")
		text = text sprintf("  resource is Acme::Document in Acme::Folder::\"project-%d\"\n)\n", i % 1009)
		text = text sprintf("when {\n  principal.clearance >= %d &&\n  (resource.owner == principal || resource.editors.contains(principal)) &&\n", i % 7)
		text = text sprintf("  context has device.posture && context.device.posture.score > %d &&\n", i % 100)
		text = text sprintf("  context.address.isInRange(ip(\"10.%d.0.0/16\"))\n}\n", i % 256)
		if (i % 4 == 0) text = text sprintf("unless { resource.tags.containsAny([\"secret\", \"draft-%d\"]) || resource.name like \"*.tmp\" }\n", i)
		text = text ";\n\n"
		size += length(text)
		printf "%s", text
	}
}

/// The fixed C of `bpf-templates`, as it is carried in the program.
enum TemplateFiles {
    static let all: [(name: String, bytes: [UInt8])] = [
        ("endpoint.h", PackageResources.endpoint_h),
        ("event.h", PackageResources.event_h),
        ("file.h", PackageResources.file_h),
        ("gate.h", PackageResources.gate_h),
        ("hooks-cgroup.bpf.c", PackageResources.hooks_cgroup_bpf_c),
        ("hooks-file.bpf.c", PackageResources.hooks_file_bpf_c),
        ("hooks-guard.bpf.c", PackageResources.hooks_guard_bpf_c),
        ("hooks-kernel.bpf.c", PackageResources.hooks_kernel_bpf_c),
        ("hooks-network.bpf.c", PackageResources.hooks_network_bpf_c),
        ("hooks-process.bpf.c", PackageResources.hooks_process_bpf_c),
        ("hooks-system-call.bpf.c", PackageResources.hooks_system_call_bpf_c),
        ("judge.h", PackageResources.judge_h),
        ("kernel.h", PackageResources.kernel_h),
        ("maps.h", PackageResources.maps_h),
        ("match.h", PackageResources.match_h),
        ("path.h", PackageResources.path_h),
        ("process.h", PackageResources.process_h),
        ("report.h", PackageResources.report_h),
        ("sandbox.bpf.c", PackageResources.sandbox_bpf_c),
    ]
}

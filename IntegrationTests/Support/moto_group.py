"""moto's Auto Scaling with one group, for a story of the real binary.

serve          starts moto[server] on a free loopback port, makes a group of two instances with a termination hook, and prints one line:
               {"endpoint": ..., "group": ..., "hook": ..., "instances": [...]}; afterwards one line for each hook action that it gets.
show ENDPOINT  prints the group as the AWS SDK reads it: {"desired": ..., "instances": [...]}.

moto has no CompleteLifecycleAction and RecordLifecycleActionHeartbeat. They are added here on its own classes, so that parameters are
read and answers are written by moto, from the service's model.
"""

import json
import os
import sys
import threading

os.environ.update(
    AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="eu-west-1", MOTO_EC2_LOAD_DEFAULT_AMIS="true"
)

import boto3  # noqa: E402

GROUP, HOOK, REGION = "story-nodes", "story-drain", "eu-west-1"


def say(**words):
    print(json.dumps(words), flush=True)


def client(service, endpoint):
    return boto3.client(service, endpoint_url=endpoint, region_name=REGION)


def add_hook_actions():
    from moto.autoscaling.exceptions import ValidationError
    from moto.autoscaling.responses import AutoScalingResponse
    from moto.core.responses import EmptyResult

    def act(response, action):
        group = response._get_param("AutoScalingGroupName")
        hook = response._get_param("LifecycleHookName")
        instance = response._get_param("InstanceId")
        result = response._get_param("LifecycleActionResult")
        backend = response.autoscaling_backend
        members = [state.instance.id for state in backend.autoscaling_groups[group].instance_states]
        hooks = [known.name for known in backend.describe_lifecycle_hooks(group)]
        say(action=action, group=group, hook=hook, instance=instance, result=result)
        if hook not in hooks or instance not in members:
            raise ValidationError(f"No active Lifecycle Action found with instance ID {instance}")
        return EmptyResult()

    AutoScalingResponse.complete_lifecycle_action = lambda self: act(self, "CompleteLifecycleAction")
    AutoScalingResponse.record_lifecycle_action_heartbeat = lambda self: act(self, "RecordLifecycleActionHeartbeat")


def serve():
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    add_hook_actions()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    ec2, scaling = client("ec2", endpoint), client("autoscaling", endpoint)
    image = ec2.describe_images()["Images"][0]["ImageId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    scaling.create_launch_configuration(LaunchConfigurationName="story", ImageId=image, InstanceType="m5.large")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=GROUP, LaunchConfigurationName="story", MinSize=0, MaxSize=4, DesiredCapacity=2, VPCZoneIdentifier=subnet
    )
    scaling.put_lifecycle_hook(
        LifecycleHookName=HOOK,
        AutoScalingGroupName=GROUP,
        LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING",
        HeartbeatTimeout=300,
        DefaultResult="CONTINUE",
    )
    say(endpoint=endpoint, group=GROUP, hook=HOOK, instances=show(endpoint)["instances"])
    threading.Event().wait()


def show(endpoint):
    group = client("autoscaling", endpoint).describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])["AutoScalingGroups"][0]
    return {"desired": group["DesiredCapacity"], "instances": sorted(member["InstanceId"] for member in group["Instances"])}


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve()
    else:
        say(**show(sys.argv[2]))
